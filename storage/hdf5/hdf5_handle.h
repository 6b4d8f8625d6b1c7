#pragma once

// The one door to the HDF5 library: an owner for its handles and a check for its calls. Handles are
// 64-bit numbers here, so that no header of ours needs the library's.
//
// HDF5 is not safe to use from two threads at once in every build, so whoever opens files through
// this folder does so from one thread at a time. Mapped data need no HDF5 and no such care.

#include <cstdint>
#include <filesystem>
#include <string>

#include "storage/storage_error.h"

namespace glimpse::storage {

class Hdf5Handle {
 public:
  using Closer = int (*)(std::int64_t);

  Hdf5Handle() = default;
  Hdf5Handle(std::int64_t id, Closer closer) noexcept : id_(id), closer_(closer) {}
  ~Hdf5Handle();
  Hdf5Handle(Hdf5Handle&& other) noexcept;
  Hdf5Handle& operator=(Hdf5Handle&& other) noexcept;
  Hdf5Handle(const Hdf5Handle&) = delete;
  Hdf5Handle& operator=(const Hdf5Handle&) = delete;

  [[nodiscard]] std::int64_t get() const { return id_; }
  [[nodiscard]] bool is_open() const { return closer_ != nullptr; }
  // Files that were written report lost bytes as late as here; the destructor cannot. Gives back
  // what the library said, for Hdf5Task::check.
  [[nodiscard]] int close() noexcept;

 private:
  std::int64_t id_ = -1;
  Closer closer_ = nullptr;
};

// What is being done to which file: the beginning of every error's text.
class Hdf5Task {
 public:
  // `fault` is the kind of an error that the library reports.
  Hdf5Task(std::string action, std::filesystem::path path, StorageFault fault);

  // HDF5 answers with a negative number where it fails; everything else is given back.
  std::int64_t check(std::int64_t result, const char* call) const;
  Hdf5Handle own(std::int64_t id, Hdf5Handle::Closer closer, const char* call) const;
  [[noreturn]] void fail(StorageFault fault, const std::string& why) const;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::string action_;
  std::filesystem::path path_;
  StorageFault fault_;
};

}  // namespace glimpse::storage
