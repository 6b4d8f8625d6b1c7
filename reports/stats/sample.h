#pragma once

// Results of one configuration over its seeds, and what they say of its mean. Pure.

#include <cstdint>
#include <optional>
#include <span>

namespace glimpse::reports {

// Below this many values a spread says nothing, so there is no interval.
inline constexpr std::size_t kFewestForInterval = 3;
inline constexpr double kLevel = 0.95;

struct Interval {
  double low = 0;
  double high = 0;
  [[nodiscard]] bool contains(double value) const { return low <= value && value <= high; }
  bool operator==(const Interval&) const = default;
};

struct Sample {
  std::size_t n = 0;
  double mean = 0;
  double sd = 0;  // with n - 1; 0 where n < 2
  double min = 0;
  double median = 0;
  double max = 0;
};

// All values are finite.
Sample summarize(std::span<const double> values);

// Of the mean, by Student's t.
std::optional<Interval> mean_interval(const Sample& sample, double level = kLevel);
// Where one more value is to be expected.
std::optional<Interval> prediction_interval(const Sample& sample, double level = kLevel);

// Of a share: so many of all.
struct Count {
  std::uint64_t hits = 0;
  std::uint64_t all = 0;  // at least 1
};
Interval wilson_interval(const Count& count, double level = kLevel);
Interval clopper_pearson_interval(const Count& count, double level = kLevel);

}  // namespace glimpse::reports
