#pragma once

// The studies that come with the program, as text. They lie in experiments/studies and are compiled
// in, so that their names work in any folder.

#include <span>
#include <string_view>

namespace glimpse::experiments {

struct ShippedStudy {
  std::string_view name;  // "table1"
  std::string_view text;
};

std::span<const ShippedStudy> shipped_studies();
// Null where there is none of this name.
const ShippedStudy* find_shipped_study(std::string_view name);

}  // namespace glimpse::experiments
