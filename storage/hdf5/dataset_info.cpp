#include "storage/hdf5/dataset_info.h"

#include <algorithm>

#include "storage/files/run_folder.h"

namespace glimpse::storage {
namespace {

constexpr std::uint64_t kMaxSide = 1U << 14;
constexpr std::uint64_t kMaxLabels = 1U << 10;
constexpr std::uint64_t kMaxImages = 1U << 30;
constexpr std::size_t kMaxText = 1U << 15;  // HDF5 keeps an attribute below 64 KiB
constexpr std::size_t kMaxProvenance = 64;
constexpr std::size_t kIdentityDigits = 64;

bool is_identity(std::string_view text) {
  return text.size() == kIdentityDigits && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

bool is_text(std::string_view text) {
  return text.size() <= kMaxText && text.find('\0') == std::string_view::npos;
}

bool is_within(std::uint64_t value, std::uint64_t max) {
  return value >= 1 && value <= max;
}

}  // namespace

std::string dataset_info_problem(const DatasetInfo& info) {
  if (!is_path_name(info.recipe)) {
    return "the recipe's name is no name";
  }
  if (!is_identity(info.identity)) {
    return "the identity is not 64 hex digits";
  }
  if (!is_text(info.recipe_text)) {
    return "the recipe's text is too long, or holds a zero byte";
  }
  if (!is_within(info.height, kMaxSide) || !is_within(info.width, kMaxSide)) {
    return "images of " + std::to_string(info.height) + "x" + std::to_string(info.width) +
           " (each side must be within 1.." + std::to_string(kMaxSide) + ")";
  }
  if (!is_within(info.labels_per_image, kMaxLabels)) {
    return std::to_string(info.labels_per_image) + " labels per image (at most " +
           std::to_string(kMaxLabels) + ")";
  }
  for (std::size_t i = 0; i < info.splits.size(); ++i) {
    if (!is_within(info.splits[i].count, kMaxImages)) {
      return std::to_string(info.splits[i].count) + " images in " + std::string(kDatasetSplits[i]) +
             " (must be within 1.." + std::to_string(kMaxImages) + ")";
    }
  }
  const bool is_documented =
      std::all_of(info.provenance.begin(), info.provenance.end(), [](const auto& entry) {
        return is_path_name(entry.first) && is_text(entry.second);
      });
  if (!is_documented || info.provenance.size() > kMaxProvenance) {
    return "the provenance has too many entries, or one with a bad name or too long a text";
  }
  return {};
}

}  // namespace glimpse::storage
