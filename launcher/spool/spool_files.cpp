#include "launcher/spool/spool_files.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>

#include <fcntl.h>
#include <unistd.h>

#include "launcher/spool/spool_command.h"
#include "storage/files/atomic_file.h"
#include "storage/files/file_io.h"
#include "storage/storage_error.h"

namespace glimpse::launcher {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kCommand = "command-";
constexpr std::string_view kReply = "reply-";
constexpr std::size_t kTokenDigits = 16;

}  // namespace

fs::path command_file(const fs::path& folder, std::string_view token) {
  return folder / (std::string(kCommand) + std::string(token));
}

fs::path reply_file(const fs::path& folder, std::string_view token) {
  return folder / (std::string(kReply) + std::string(token));
}

std::optional<std::string> try_parse_command_file(std::string_view name) {
  if (!name.starts_with(kCommand) || name.size() != kCommand.size() + kTokenDigits) {
    return std::nullopt;
  }
  const std::string_view token = name.substr(kCommand.size());
  return token.find_first_not_of("0123456789abcdef") == std::string_view::npos
             ? std::optional(std::string(token))
             : std::nullopt;
}

bool is_spool_litter(std::string_view name) {
  return name.starts_with(kReply) || name.starts_with(".clock.") ||
         storage::is_temporary_name(name);
}

std::string load_spool_file(const fs::path& path) {
  // Of a pipe, opening for reading would wait for a writer.
  const storage::FileDescriptor file = storage::open_file(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  std::array<char, kMaxSpoolBytes + 1> buffer{};
  std::size_t size = 0;
  for (std::size_t got = 1; got > 0 && size < buffer.size(); size += got) {
    got = storage::read_some(file, std::as_writable_bytes(std::span(buffer)).subspan(size), path);
  }
  if (size > kMaxSpoolBytes) {
    throw storage::StorageError(storage::StorageFault::kRefused, path, "it is longer than 64 KiB");
  }
  return {buffer.data(), size};
}

// It is to be seen whole, and is of no use after a power cut.
void write_spool_file(const fs::path& path, std::string_view text) {
  storage::write_file_atomically(path, text, {.is_durable = false});
}

bool try_remove(const fs::path& path) {
  if (::unlink(path.c_str()) == 0) {
    return true;
  }
  if (errno != ENOENT) {
    storage::throw_system_error("remove", path, errno);
  }
  return false;
}

}  // namespace glimpse::launcher
