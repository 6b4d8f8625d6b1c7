#include "launcher/spool/spool_server.h"

#include <algorithm>
#include <optional>
#include <system_error>
#include <tuple>
#include <utility>

#include "launcher/spool/spool_files.h"
#include "storage/files/file_io.h"
#include "storage/files/file_system.h"
#include "storage/files/server_clock.h"
#include "storage/storage_error.h"

namespace glimpse::launcher {
namespace {

namespace fs = std::filesystem;
using experiments::ExitCode;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kMostAtOnce = 64;
constexpr std::chrono::milliseconds kRefresh{1000};

}  // namespace

SpoolServer::SpoolServer(fs::path folder, SpoolServerPorts ports)
    : folder_(std::move(folder)),
      ports_(std::move(ports)),
      is_network_(storage::file_system_of(folder_).is_network),
      refreshed_(Clock::now()),
      cleaned_(Clock::now()) {
  storage::make_folders(folder_);
  started_ = storage::server_time(folder_);
}

std::vector<SpoolRequest> SpoolServer::poll() {
  refresh();
  std::vector<SpoolRequest> requests;
  for (const Waiting& waiting : list()) {
    take(waiting, requests);
  }
  clean();
  return requests;
}

void SpoolServer::reply(const SpoolRequest& request, ExitCode exit, const std::string& text) {
  send(request.token, {.exit = exit, .text = text});
}

// A network file system shows what it listed before for up to a minute, unless this host changes
// the folder itself.
void SpoolServer::refresh() {
  if (is_network_ && Clock::now() - refreshed_ >= kRefresh) {
    static_cast<void>(storage::server_time(folder_));
    refreshed_ = Clock::now();
  }
}

std::vector<SpoolServer::Waiting> SpoolServer::list() {
  std::vector<Waiting> all;
  std::error_code error;
  for (fs::directory_iterator entry(folder_, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    has_litter_ = has_litter_ || is_spool_litter(name);
    std::error_code gone;
    const auto token = try_parse_command_file(name);
    if (token && fs::is_regular_file(entry->symlink_status(gone))) {
      all.push_back({entry->last_write_time(gone), *token});
    }
  }
  if (error) {
    complain("spool " + folder_.string() + " cannot be read: " + error.message());
  }
  std::ranges::sort(all, {}, [](const Waiting& w) { return std::tie(w.time, w.token); });
  all.resize(std::min(all.size(), kMostAtOnce));
  return all;
}

void SpoolServer::take(const Waiting& waiting, std::vector<SpoolRequest>& requests) {
  const fs::path file = command_file(folder_, waiting.token);
  std::optional<SpoolCommand> command;
  std::string problem;
  try {
    command = parse_command(load_spool_file(file));
  } catch (const std::exception& error) {
    problem = error.what();
  }
  try {
    if (!try_remove(file)) {
      return;  // taken back
    }
  } catch (const storage::StorageError& error) {
    // It would come again and again.
    complain(std::string("spool: a command is not carried out: ") + error.what());
    return;
  }
  if (problem.empty() && waiting.time < started_) {
    problem = "it was given before this coordinator started";
  }
  if (problem.empty()) {
    requests.push_back({.token = waiting.token, .command = *std::move(command)});
  } else {
    refuse(waiting.token, problem);
  }
}

void SpoolServer::refuse(const std::string& token, const std::string& why) {
  ports_.tell("spool: " + command_file("", token).string() + " is refused: " + why);
  send(token, {.exit = ExitCode::kBadConfig, .text = "the command is refused: " + why});
}

void SpoolServer::send(const std::string& token, const SpoolReply& reply) {
  try {
    write_spool_file(reply_file(folder_, token), render_reply(reply));
  } catch (const storage::StorageError& error) {
    complain(std::string("spool: a command stays without an answer: ") + error.what());
  }
}

// By the file server's clock, for which a file is written: so only now and then, and only where
// there is something to take away.
void SpoolServer::clean() {
  if (!has_litter_ || Clock::now() - cleaned_ < ports_.keep_replies / 2) {
    return;
  }
  cleaned_ = Clock::now();
  has_litter_ = false;
  const fs::file_time_type now = storage::server_time(folder_);
  std::error_code error;
  for (fs::directory_iterator entry(folder_, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code gone;
    if (is_spool_litter(entry->path().filename().string()) &&
        fs::is_regular_file(entry->symlink_status(gone)) &&
        now - entry->last_write_time(gone) >= ports_.keep_replies) {
      fs::remove(entry->path(), gone);
    }
  }
}

void SpoolServer::complain(const std::string& line) {
  if (line != complaint_) {
    complaint_ = line;
    ports_.tell(line);
  }
}

}  // namespace glimpse::launcher
