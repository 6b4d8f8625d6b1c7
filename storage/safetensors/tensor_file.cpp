#include "storage/safetensors/tensor_file.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <stdexcept>

#include "storage/files/xxh3.h"

namespace glimpse::storage {
namespace {

namespace fs = std::filesystem;

static_assert(std::endian::native == std::endian::little, "safetensors is little-endian");

constexpr std::size_t kLengthBytes = 8;

struct Parts {
  std::string_view header;
  std::span<const std::byte> data;
};

Parts split_file(std::span<const std::byte> bytes, const fs::path& path) {
  const auto refuse = [&](StorageFault fault, const std::string& why) {
    throw StorageError(fault, path, "read tensors " + path.string() + ": " + why);
  };
  if (bytes.size() < kLengthBytes) {
    refuse(StorageFault::kDamaged, "too short for a safetensors file");
  }
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), kLengthBytes);
  bytes = bytes.subspan(kLengthBytes);
  if (length > bytes.size()) {
    refuse(StorageFault::kDamaged, "the header is said to be longer than the file");
  }
  if (length > kMaxHeaderBytes) {
    refuse(StorageFault::kRefused, "a header of " + std::to_string(length) + " bytes");
  }
  const auto header = bytes.first(length);
  return {{reinterpret_cast<const char*>(header.data()), header.size()}, bytes.subspan(length)};
}

// Hashes and writes in pieces that stay in the processor's cache between the two.
class HashingWriter {
 public:
  explicit HashingWriter(AtomicFile& file) : file_(file) {}

  void write(std::span<const std::byte> bytes) {
    constexpr std::size_t kPiece = std::size_t{256} * 1024;
    while (!bytes.empty()) {
      const auto piece = bytes.first(std::min(bytes.size(), kPiece));
      hash_.update(piece);
      file_.write(piece);
      bytes = bytes.subspan(piece.size());
    }
  }
  [[nodiscard]] std::uint64_t digest() const { return hash_.digest(); }

 private:
  AtomicFile& file_;
  Xxh3 hash_;
};

TensorHeader make_header(std::span<const TensorView> tensors, const TensorMetadata& metadata) {
  TensorHeader header{metadata, {}};
  std::uint64_t at = 0;
  for (const TensorView& tensor : tensors) {
    if (try_tensor_bytes(tensor.type, tensor.shape) != tensor.bytes.size()) {
      throw std::invalid_argument("tensor " + tensor.name + ": " +
                                  std::to_string(tensor.bytes.size()) +
                                  " bytes do not fit its shape");
    }
    const std::uint64_t end = at + tensor.bytes.size();
    header.tensors.push_back({tensor.name, tensor.type, tensor.shape, at, end});
    at = end;
  }
  return header;
}

}  // namespace

TensorFile::TensorFile(const fs::path& path) : file_(path) {
  const Parts parts = split_file(file_.bytes(), path);
  TensorHeader header = parse_tensor_header(parts.header, parts.data.size(), path);
  metadata_ = std::move(header.metadata);
  tensors_.reserve(header.tensors.size());
  for (TensorEntry& entry : header.tensors) {
    tensors_.push_back({std::move(entry.name),
                        entry.type,
                        std::move(entry.shape),
                        parts.data.subspan(entry.begin, entry.end - entry.begin)});
  }
}

const TensorView* TensorFile::find(std::string_view name) const {
  const auto found = std::ranges::find(tensors_, name, &TensorView::name);
  return found == tensors_.end() ? nullptr : &*found;
}

std::uint64_t write_tensors(AtomicFile& file,
                            std::span<const TensorView> tensors,
                            const TensorMetadata& metadata) {
  const std::string header = render_tensor_header(make_header(tensors, metadata));
  if (header.size() > kMaxHeaderBytes) {
    throw std::invalid_argument("names and metadata of the tensors are too long for a header");
  }
  const std::uint64_t length = header.size();
  HashingWriter writer(file);
  writer.write(std::as_bytes(std::span(&length, 1)));
  writer.write(std::as_bytes(std::span(header)));
  for (const TensorView& tensor : tensors) {
    writer.write(tensor.bytes);
  }
  return writer.digest();
}

}  // namespace glimpse::storage
