#pragma once

// The JSON header of a safetensors file: which tensors it holds, of which type and shape, and where
// their bytes lie. Pure functions between text and structs; nothing of a file is trusted before it
// is checked here.

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/storage_error.h"

namespace glimpse::storage {

enum class TensorType {
  kBool,
  kU8,
  kI8,
  kF8E5M2,
  kF8E4M3,
  kU16,
  kI16,
  kF16,
  kBf16,
  kU32,
  kI32,
  kF32,
  kU64,
  kI64,
  kF64,
};

// "F32", as the format spells it.
[[nodiscard]] std::string_view name_of(TensorType type);
[[nodiscard]] std::size_t element_bytes(TensorType type);
[[nodiscard]] std::optional<TensorType> try_parse_tensor_type(std::string_view name);
// Nothing for a negative side or when the product passes 64 bits.
[[nodiscard]] std::optional<std::uint64_t> try_tensor_bytes(TensorType type,
                                                            std::span<const std::int64_t> shape);

using TensorMetadata = std::map<std::string, std::string>;

struct TensorEntry {
  std::string name;
  TensorType type = TensorType::kF32;
  std::vector<std::int64_t> shape;
  std::uint64_t begin = 0;  // within the data, which follows the header
  std::uint64_t end = 0;
};

struct TensorHeader {
  TensorMetadata metadata;
  std::vector<TensorEntry> tensors;  // in the order of their bytes
};

// The reference implementation allows 100 MB. Ours need some 100 bytes a tensor.
inline constexpr std::uint64_t kMaxHeaderBytes = std::uint64_t{16} * 1024 * 1024;
inline constexpr std::size_t kMaxTensorRank = 64;  // as in PyTorch

// Throws StorageError naming `path` unless the tensors lie back to back, without hole or overlap,
// in exactly `data_bytes` bytes, each with as many as its type and shape need. Takes memory in
// proportion to the text.
[[nodiscard]] TensorHeader parse_tensor_header(std::string_view json,
                                               std::uint64_t data_bytes,
                                               const std::filesystem::path& path);

// Padded with spaces so that the data begins at a multiple of 8 bytes. Throws std::invalid_argument
// for names that are not UTF-8, stand twice, or are the one the format keeps for itself.
[[nodiscard]] std::string render_tensor_header(const TensorHeader& header);

}  // namespace glimpse::storage
