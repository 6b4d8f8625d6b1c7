#pragma once

// Where a value lies on an axis, and which values the axis names. Pure.

#include <span>
#include <string>
#include <vector>

#include "reports/stats/sample.h"

namespace glimpse::reports {

enum class ScaleKind { kLinear, kLog };

struct Tick {
  double value = 0;
  std::string label = {};
  bool operator==(const Tick&) const = default;
};

// 1, 2 or 5 times a power of ten apart, about `count` of them, all within the domain.
std::vector<Tick> pick_ticks(const Interval& domain, int count);
// Powers of ten, with 2 and 5 times them where that gives few; evenly spaced ones where the domain
// is so short that this gives hardly any.
std::vector<Tick> pick_log_ticks(const Interval& domain, int count);

// Those of an axis that counts: no epoch is the 2.5th.
std::vector<Tick> keep_whole(std::vector<Tick> ticks);

// From the smallest to the largest finite value (of a logarithmic axis: positive one), with some
// room on both sides; never empty.
Interval pick_domain(std::span<const double> values, ScaleKind kind);

class Scale {
 public:
  // Draws the domain's low end at `from` and its high end at `to`.
  Scale(ScaleKind kind, const Interval& domain, double from, double to);

  // Values outside of the domain lie at its ends.
  [[nodiscard]] double place(double value) const;
  // False for what a logarithmic axis has no place for, and for what is not finite.
  [[nodiscard]] bool has_place(double value) const;
  [[nodiscard]] std::vector<Tick> ticks(int count) const;

 private:
  [[nodiscard]] double measure(double value) const;

  ScaleKind kind_;
  Interval domain_;
  double from_;
  double to_;
};

}  // namespace glimpse::reports
