#pragma once

// The first 4096 bytes of a dataset file, which HDF5 leaves to its user. They say where the arrays
// lie and carry a hash over everything else in the file, so that damage is found before the HDF5
// library, which trusts what it reads, sees any of it.

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace glimpse::storage {

inline constexpr std::uint64_t kSealBytes = 4096;  // a power of two from 512 on, as HDF5 wants it

// Where an array's bytes lie in the file.
struct Extent {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;

  bool operator==(const Extent&) const = default;
};

// In the order train/images, train/labels, valid/images, ...
using Extents = std::array<Extent, 6>;

struct Seal {
  std::uint64_t file_size = 0;
  Extents extents;
  std::uint64_t structure_xxh3 = 0;  // of all bytes behind the seal that belong to no array
};

// The parts of a file that structure_xxh3 covers, in order.
std::vector<Extent> structure_parts(std::uint64_t file_size, const Extents& extents);
std::uint64_t hash_structure(std::span<const std::byte> file, const Extents& extents);

// Text lines, then zeros up to kSealBytes.
std::string render_seal(const Seal& seal);

// Throws StorageError: kForeign where there is no seal, kDamaged where it or the structure does not
// hold. Array contents are not looked at.
Seal check_seal(std::span<const std::byte> file, const std::filesystem::path& path);

}  // namespace glimpse::storage
