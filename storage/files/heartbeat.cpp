#include "storage/files/heartbeat.h"

#include <condition_variable>
#include <mutex>
#include <span>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>

#include "storage/files/file_io.h"
#include "storage/files/server_clock.h"

namespace glimpse::storage {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr std::size_t kMaxTextBytes = 1024;

// False when the file is there already.
bool try_create(const fs::path& path, std::string_view text) {
  std::optional<FileDescriptor> file = try_create_file(path);
  if (!file) {
    return false;
  }
  try {
    write_all(*file, std::as_bytes(std::span(text)), path);
    file->close(path);
  } catch (const StorageError&) {
    std::error_code ignored;
    fs::remove(path, ignored);  // it would hold the lock for nobody
    throw;
  }
  return true;
}

// Nothing when the file is missing.
std::optional<fs::file_time_type> last_beat(const fs::path& path) {
  std::error_code error;
  const auto time = fs::last_write_time(path, error);
  return error ? std::nullopt : std::optional(time);
}

// Moves a file that stopped beating out of the way. Two that try at once cannot both move the same
// file; one of them could move the other's new file, so what was moved is looked at again, and put
// back when it is not the old one.
void try_remove_stale(const fs::path& path, fs::file_time_type beat) {
  const fs::path aside = path.string() + "." + make_token();
  std::error_code error;
  fs::rename(path, aside, error);
  if (error) {
    return;
  }
  if (last_beat(aside) == beat) {
    fs::remove(aside, error);
  } else {
    fs::rename(aside, path, error);
  }
}

}  // namespace

std::unique_ptr<Heartbeat> Heartbeat::try_start(const fs::path& path, milliseconds limit) {
  std::string text = render_lock_holder(make_lock_holder());
  text.insert(text.size() - 1, " " + make_token());
  if (!try_create(path, text)) {
    const auto beat = last_beat(path);
    if (beat && server_time(path.parent_path()) - *beat < limit) {
      return nullptr;
    }
    if (beat) {
      try_remove_stale(path, *beat);
    }
    if (!try_create(path, text)) {
      return nullptr;  // somebody was quicker
    }
  }
  return std::unique_ptr<Heartbeat>(new Heartbeat(path, std::move(text), limit));
}

Heartbeat::Heartbeat(fs::path path, std::string text, milliseconds limit)
    : path_(std::move(path)),
      text_(std::move(text)),
      limit_(limit),
      thread_([this](const std::stop_token& stop) { beat(stop); }) {}

Heartbeat::~Heartbeat() {
  thread_.request_stop();
  thread_.join();
  if (is_ours()) {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
}

bool Heartbeat::is_ours() const noexcept {
  try {
    return load_text(path_, kMaxTextBytes) == text_;
  } catch (const std::exception&) {
    return false;
  }
}

void Heartbeat::beat(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  while (!wake.wait_for(lock, stop, limit_ / 3, [&] { return stop.stop_requested(); })) {
    if (!is_ours()) {
      is_held_ = false;
      return;
    }
    // Without times given the server uses its own clock. A failure shows in the age, not here.
    ::utimensat(AT_FDCWD, path_.c_str(), nullptr, 0);
  }
}

std::optional<LockHolder> find_heartbeat(const fs::path& path, milliseconds limit) {
  const auto beat = last_beat(path);
  if (!beat || fs::file_time_type::clock::now() - *beat >= limit) {
    return std::nullopt;
  }
  try {
    return parse_lock_holder(load_text(path, kMaxTextBytes));
  } catch (const StorageError&) {  // given back in this moment
    return std::nullopt;
  }
}

}  // namespace glimpse::storage
