#pragma once

// Tensors in a file, in the safetensors format: 8 bytes with the length of the header, the header,
// the tensors' bytes back to back (numbers little-endian, rows first). The reader maps the file and
// hands out views; the writer takes views and copies nothing. Neither knows what the tensors mean.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/files/atomic_file.h"
#include "storage/files/mapped_file.h"
#include "storage/safetensors/tensor_header.h"

namespace glimpse::storage {

// A view: whoever made it owns the bytes.
struct TensorView {
  std::string name;
  TensorType type = TensorType::kF32;
  std::vector<std::int64_t> shape;
  // May begin at any address, so elements are read by memcpy.
  std::span<const std::byte> bytes;
};

class TensorFile {
 public:
  // Throws StorageError unless the whole structure holds; tensor values are not looked at.
  explicit TensorFile(const std::filesystem::path& path);

  // In the order of their bytes. Views are valid for as long as this object, also after a move.
  [[nodiscard]] const std::vector<TensorView>& tensors() const { return tensors_; }
  // Null when there is none of that name.
  [[nodiscard]] const TensorView* find(std::string_view name) const;
  [[nodiscard]] const TensorMetadata& metadata() const { return metadata_; }
  [[nodiscard]] const std::filesystem::path& path() const { return file_.path(); }

 private:
  MappedFile file_;
  TensorMetadata metadata_;
  std::vector<TensorView> tensors_;
};

// Writes the whole content of a safetensors file, tensors in the order given, and returns the XXH3
// of all its bytes. Committing the file is the caller's, who may put the hash into its name. Equal
// arguments give equal bytes. Throws std::invalid_argument for a view whose size is not that of its
// shape.
std::uint64_t write_tensors(AtomicFile& file,
                            std::span<const TensorView> tensors,
                            const TensorMetadata& metadata);

}  // namespace glimpse::storage
