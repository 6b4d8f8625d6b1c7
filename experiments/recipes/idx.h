#pragma once

// The IDX format of the MNIST files, read from bytes that somebody else loaded. Nothing is copied:
// what comes back are views into the bytes, valid for as long as those are.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace glimpse::experiments {

inline constexpr std::size_t kIdxHeaderBytes = 16;        // of an images file; labels have 8
inline constexpr std::uint32_t kMaxIdxImages = 1U << 20;  // MNIST has 60,000; EMNIST 697,932
inline constexpr std::uint32_t kMaxIdxSide = 256;

struct IdxImages {
  int count = 0;
  int rows = 0;
  int columns = 0;
  std::span<const std::uint8_t> pixels;  // image after image, row after row
};

struct IdxLabels {
  std::span<const std::uint8_t> labels;  // each 0..9
};

// How long a whole file is by what its first bytes declare. Throws StudyError naming the field that
// cannot be true, so that a reader knows its limit before it allocates anything. `source` names the
// file.
std::uint64_t idx_images_length(std::span<const std::byte> head, const std::string& source);
std::uint64_t idx_labels_length(std::span<const std::byte> head, const std::string& source);

// Throw StudyError for every lie: magic, type, rank, sizes, counts, bytes missing or left over.
IdxImages parse_idx_images(std::span<const std::byte> bytes, const std::string& source);
IdxLabels parse_idx_labels(std::span<const std::byte> bytes, const std::string& source);

}  // namespace glimpse::experiments
