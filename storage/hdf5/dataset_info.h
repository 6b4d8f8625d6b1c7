#pragma once

// What a dataset file says of itself: shapes, where it came from, and the hash of every array.

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace glimpse::storage {

inline constexpr std::array<std::string_view, 3> kDatasetSplits = {"train", "valid", "test"};
inline constexpr int kDatasetClasses = 10;

struct SplitInfo {
  std::uint64_t count = 0;        // images
  std::uint64_t images_xxh3 = 0;  // of the bytes of the array
  std::uint64_t labels_xxh3 = 0;

  bool operator==(const SplitInfo&) const = default;
};

struct DatasetInfo {
  std::string recipe;       // a name: "cluttered-sequences", "import"
  std::string recipe_text;  // everything that decided the content, as JSON
  std::string identity;     // 64 hex digits
  std::int64_t generator_version = 0;
  std::uint64_t height = 0;
  std::uint64_t width = 0;
  std::uint64_t labels_per_image = 0;
  std::array<SplitInfo, 3> splits = {};
  std::map<std::string, std::string> provenance = {};  // "licence", "source", ...

  [[nodiscard]] std::uint64_t image_bytes() const { return height * width; }
  bool operator==(const DatasetInfo&) const = default;
};

// Says what no dataset of ours may be: empty splits, absurd sizes, names that are no names. Nothing
// where all is well. Sizes that pass cannot overflow when they are multiplied.
std::string dataset_info_problem(const DatasetInfo& info);

}  // namespace glimpse::storage
