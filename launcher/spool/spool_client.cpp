#include "launcher/spool/spool_client.h"

#include <string>
#include <thread>

#include "launcher/spool/spool_files.h"
#include "storage/files/file_io.h"
#include "storage/files/server_clock.h"
#include "storage/storage_error.h"

namespace glimpse::launcher {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kNap{10};
// A network file system may remember for half a minute that a name is not there, unless this host
// changes the folder itself.
constexpr std::chrono::milliseconds kRefresh{500};

[[noreturn]] void throw_bad_reply(const fs::path& file, const std::string& why) {
  throw storage::StorageError(storage::StorageFault::kDamaged,
                              file,
                              "read the coordinator's answer " + file.string() + ": " + why);
}

SpoolReply take_reply(const fs::path& file) {
  try {
    const std::string text = load_spool_file(file);
    try_remove(file);
    return parse_reply(text);
  } catch (const SpoolError& error) {
    throw_bad_reply(file, error.what());
  }
}

std::optional<SpoolReply> wait_for_reply(const fs::path& file, std::chrono::milliseconds timeout) {
  const Clock::time_point end = Clock::now() + timeout;
  Clock::time_point refreshed = Clock::now();
  while (true) {
    std::error_code ignored;
    if (fs::exists(fs::symlink_status(file, ignored))) {
      return take_reply(file);
    }
    const Clock::time_point now = Clock::now();
    if (now >= end) {
      return std::nullopt;
    }
    if (now - refreshed >= kRefresh) {
      static_cast<void>(storage::server_time(file.parent_path()));
      refreshed = now;
    }
    std::this_thread::sleep_for(kNap);
  }
}

}  // namespace

std::optional<SpoolReply> ask(const fs::path& folder,
                              const SpoolCommand& command,
                              std::chrono::milliseconds timeout) {
  storage::make_folders(folder);
  const std::string token = storage::make_token();
  const fs::path asked = command_file(folder, token);
  const fs::path reply = reply_file(folder, token);
  write_spool_file(asked, render_command(command));
  std::optional<SpoolReply> answer = wait_for_reply(reply, timeout);
  if (answer || try_remove(asked)) {
    return answer;
  }
  answer = wait_for_reply(reply, timeout);
  if (!answer) {
    throw storage::StorageError(storage::StorageFault::kIo,
                                folder,
                                "ask the coordinator of " + folder.parent_path().string() +
                                    ": it took the command and did not answer ('glimpse status' "
                                    "shows what became of it)");
  }
  return answer;
}

}  // namespace glimpse::launcher
