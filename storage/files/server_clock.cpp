#include "storage/files/server_clock.h"

#include <random>
#include <span>
#include <system_error>

#include "storage/files/file_io.h"
#include "storage/files/xxh3.h"

namespace glimpse::storage {
namespace {

namespace fs = std::filesystem;

// A byte, since a file that nobody wrote to may be dated by the client.
void write_probe(const fs::path& probe) {
  if (std::optional<FileDescriptor> file = try_create_file(probe)) {
    write_all(*file, std::as_bytes(std::span("\n", 1)), probe);
    file->close(probe);
  }
}

}  // namespace

std::string make_token() {
  std::random_device random;
  return render_hash((std::uint64_t{random()} << 32) | random());
}

fs::file_time_type server_time(const fs::path& folder) {
  const fs::path probe = folder / (".clock." + make_token());
  std::error_code error;
  fs::file_time_type time;
  try {
    write_probe(probe);
    time = fs::last_write_time(probe, error);
  } catch (const StorageError&) {
    error = std::make_error_code(std::errc::io_error);
  }
  std::error_code ignored;
  fs::remove(probe, ignored);
  return error ? fs::file_time_type::clock::now() : time;
}

}  // namespace glimpse::storage
