#pragma once

// The three parts of every dataset, in the order in which files and tables hold them.

#include <array>
#include <cstddef>
#include <string_view>

namespace glimpse::experiments {

enum class Split { kTrain, kValid, kTest };

inline constexpr std::array<Split, 3> kSplits = {Split::kTrain, Split::kValid, Split::kTest};
inline constexpr std::array<std::string_view, 3> kSplitNames = {"train", "valid", "test"};

constexpr std::size_t split_index(Split split) {
  return static_cast<std::size_t>(split);
}
constexpr std::string_view split_name(Split split) {
  return kSplitNames[split_index(split)];
}

}  // namespace glimpse::experiments
