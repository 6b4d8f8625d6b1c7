#pragma once

// What every HDF5 file of ours is written with. Nothing in one tells when it was made, so that
// equal content gives equal bytes. See hdf5_handle.h for threads.

#include <cstdint>
#include <string>

#include "storage/files/file_io.h"
#include "storage/files/mapped_file.h"
#include "storage/hdf5/hdf5_handle.h"

namespace glimpse::storage {

// A file in memory for HDF5 to write. The disk is left to code that checks each write, because HDF5
// cannot be brought out of a failed one cleanly: it keeps the file open and tries again at the end
// of the process.
class Hdf5Memory {
 public:
  Hdf5Memory();

  // HDF5 leaves the first `user_bytes` alone (a power of two from 512 on); arrays begin at
  // multiples of `alignment`.
  [[nodiscard]] Hdf5Handle create(const Hdf5Task& task,
                                  std::uint64_t user_bytes,
                                  std::uint64_t alignment) const;
  // All of it, once what create() gave is closed. Sparse: places that nobody wrote take no memory
  // until somebody reads them.
  [[nodiscard]] MappedFile map() const;

 private:
  [[nodiscard]] std::filesystem::path path() const;

  FileDescriptor file_;
};

// `list_class` is one of the library's, such as H5P_FILE_ACCESS.
Hdf5Handle make_property_list(const Hdf5Task& task, std::int64_t list_class);
// For what a file holds: without times of creation.
Hdf5Handle make_timeless_list(const Hdf5Task& task, std::int64_t list_class);

// An attribute of fixed length in UTF-8.
void write_text(const Hdf5Task& task,
                const Hdf5Handle& object,
                const std::string& name,
                const std::string& text);

}  // namespace glimpse::storage
