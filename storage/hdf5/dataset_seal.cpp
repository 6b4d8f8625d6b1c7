#include "storage/hdf5/dataset_seal.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

#include "storage/files/xxh3.h"
#include "storage/storage_error.h"

namespace glimpse::storage {
namespace {

constexpr std::string_view kMagic = "glimpse dataset, format 1\n";
constexpr std::string_view kNote =
    "This is an HDF5 file; these first 4096 bytes let Glimpse find damage in the rest.\n";

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// The numbers of a seal, in order; whatever else stands there is judged by rendering it again.
std::optional<Seal> try_parse(std::string_view text) {
  std::vector<std::uint64_t> numbers;
  text.remove_prefix(std::min(text.size(), kMagic.size() + kNote.size()));
  while (numbers.size() < 1 + 2 * Extents{}.size()) {
    const std::size_t digit = text.find_first_of("0123456789");
    if (digit == std::string_view::npos) {
      return std::nullopt;
    }
    text.remove_prefix(digit);
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{}) {
      return std::nullopt;
    }
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    numbers.push_back(number);
  }
  Seal seal{.file_size = numbers[0], .extents = {}, .structure_xxh3 = 0};
  for (std::size_t i = 0; i < seal.extents.size(); ++i) {
    seal.extents[i] = {numbers[1 + 2 * i], numbers[2 + 2 * i]};
  }
  constexpr std::string_view kStructure = "\nstructure ";
  const std::size_t at = text.find(kStructure);
  const auto hash = at == std::string_view::npos
                        ? std::nullopt
                        : try_parse_hash(text.substr(at + kStructure.size(), 16));
  seal.structure_xxh3 = hash.value_or(0);
  return hash ? std::optional(seal) : std::nullopt;
}

Extents sorted(Extents extents) {
  std::sort(extents.begin(), extents.end(), [](const Extent& a, const Extent& b) {
    return a.offset < b.offset;
  });
  return extents;
}

// Arrays lie behind the seal, within the file, and apart from each other.
bool is_possible(const Seal& seal) {
  std::uint64_t end = kSealBytes;
  for (const Extent& extent : sorted(seal.extents)) {
    if (extent.offset < end || extent.offset > seal.file_size ||
        extent.size > seal.file_size - extent.offset) {
      return false;
    }
    end = extent.offset + extent.size;
  }
  return true;
}

}  // namespace

std::vector<Extent> structure_parts(std::uint64_t file_size, const Extents& extents) {
  std::vector<Extent> parts;
  std::uint64_t begin = kSealBytes;
  for (const Extent& extent : sorted(extents)) {
    if (extent.offset > begin) {
      parts.push_back({begin, extent.offset - begin});
    }
    begin = extent.offset + extent.size;
  }
  if (file_size > begin) {
    parts.push_back({begin, file_size - begin});
  }
  return parts;
}

std::uint64_t hash_structure(std::span<const std::byte> file, const Extents& extents) {
  Xxh3 hash;
  for (const Extent& part : structure_parts(file.size(), extents)) {
    hash.update(file.subspan(part.offset, part.size));
  }
  return hash.digest();
}

std::string render_seal(const Seal& seal) {
  constexpr std::array<std::string_view, 6> kNames = {
      "train/images", "train/labels", "valid/images", "valid/labels", "test/images", "test/labels"};
  std::string text = std::string(kMagic) + std::string(kNote);
  text += "size " + std::to_string(seal.file_size) + "\n";
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    text += std::string(kNames[i]) + " at " + std::to_string(seal.extents[i].offset) + " size " +
            std::to_string(seal.extents[i].size) + "\n";
  }
  text += "structure " + render_hash(seal.structure_xxh3) + "\n";
  text += "seal " + render_hash(xxh3(text)) + "\n";
  text.resize(kSealBytes, '\0');
  return text;
}

Seal check_seal(std::span<const std::byte> file, const std::filesystem::path& path) {
  const auto check = [&](bool holds, StorageFault fault, const char* why) {
    if (!holds) {
      throw StorageError(fault, path, "open dataset " + path.string() + ": " + why);
    }
  };
  const std::string_view text = text_of(file.first(std::min<std::size_t>(file.size(), kSealBytes)));
  check(text.starts_with(kMagic),
        StorageFault::kForeign,
        "not a dataset made by Glimpse ('glimpse dataset import' takes HDF5 files of your own)");
  // What cannot be parsed becomes a seal of zeros, whose text is another.
  const Seal seal = try_parse(text).value_or(Seal{});
  check(render_seal(seal) == text,
        StorageFault::kDamaged,
        "its first 4096 bytes are damaged (build it again)");
  check(seal.file_size == file.size(),
        StorageFault::kDamaged,
        "it has lost or gained bytes at its end (build it again)");
  check(is_possible(seal),
        StorageFault::kDamaged,
        "its first 4096 bytes name impossible places (build it again)");
  check(hash_structure(file, seal.extents) == seal.structure_xxh3,
        StorageFault::kDamaged,
        "its HDF5 structure is damaged (build it again)");
  return seal;
}

}  // namespace glimpse::storage
