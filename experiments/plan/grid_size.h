#pragma once

// Facts about a grid that is not expanded. Of a parameter that others' conditions depend on, only
// the values that a condition names are told apart; all its other values behave alike.

#include <cstdint>
#include <set>
#include <string>

#include "experiments/study.h"

namespace glimpse::experiments {

// Past this a count stays where it is.
inline constexpr std::uint64_t kCountLimit = std::uint64_t{1} << 63;

struct GridCount {
  std::uint64_t configurations = 0;
  bool is_exact = true;  // false: there may be more
};

// How many configurations the parameters span, each applied where it has a meaning. All spaces must
// be discrete. Counting ends at `enough` or a little above where conditions tell so many
// combinations apart that the exact number would take long.
GridCount count_grid(const Study& study, std::uint64_t enough);

// The parameters that apply to at least one configuration of a grid or a random search; all of
// them where conditions tell too many combinations apart to look at.
std::set<std::string> applicable_names(const Study& study);

}  // namespace glimpse::experiments
