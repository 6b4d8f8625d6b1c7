#pragma once

// Whether one configuration is better than another. The difference comes first, with its interval;
// a p-value is two-sided. Pure.

#include <optional>
#include <span>
#include <vector>

#include "reports/stats/sample.h"

namespace glimpse::reports {

struct Comparison {
  std::size_t n = 0;      // pairs, or values of the smaller side
  double difference = 0;  // mean of the first minus mean of the second
  std::optional<Interval> interval = {};
  std::optional<double> p = {};
  // By all signs that the differences could have had.
  std::optional<double> permutation_p = {};
  // The difference in standard deviations: of the differences, or of both sides pooled.
  std::optional<double> effect = {};
};

// Both sides by seed, the same seed at the same place.
Comparison compare_paired(std::span<const double> first, std::span<const double> second);
// Sides that share no seeds, after Welch.
Comparison compare_unpaired(std::span<const double> first, std::span<const double> second);

// p-values of one table, in their order, as Holm adjusts them.
std::vector<double> adjust_by_holm(std::span<const double> p);

}  // namespace glimpse::reports
