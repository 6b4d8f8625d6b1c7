#pragma once

// What went wrong with a file or a database: which, and why. The text is one line for people; the
// kind is for callers that treat causes differently (a full disk is retried elsewhere, damage
// never).

#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>

namespace glimpse::storage {

enum class StorageFault {
  kMissing,       // not there
  kDamaged,       // a hash, header or structure does not hold
  kForeign,       // another format, or a version this program does not know
  kDiskFull,      // no space, or a quota
  kCannotCreate,  // a place where no output can be made, though there is room
  kBusy,          // held by another process
  kRefused,       // a limit, or an operation that is not allowed
  kIo,            // anything else the system reported
};

class StorageError : public std::runtime_error {
 public:
  // "open dataset data/x.h5: not an HDF5 file (run 'glimpse dataset verify')"
  StorageError(StorageFault fault, std::filesystem::path path, const std::string& what)
      : std::runtime_error(what), fault_(fault), path_(std::move(path)) {}

  [[nodiscard]] StorageFault fault() const { return fault_; }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  StorageFault fault_;
  std::filesystem::path path_;
};

}  // namespace glimpse::storage
