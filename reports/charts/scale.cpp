#include "reports/charts/scale.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "reports/charts/number_text.h"
#include "reports/text_table.h"

namespace glimpse::reports {
namespace {

constexpr double kRoom = 0.04;  // of the domain, on each side
// A tick's value is a product, so it may miss the domain's end by a rounding error.
constexpr double kSlack = 1e-9;

double nice_step(double least) {
  const double power = std::pow(10.0, std::floor(std::log10(least)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= least * (1 - kSlack)) {
      return factor * power;
    }
  }
  return 10 * power;
}

int decimals_of_step(double step) {
  constexpr int kMost = 12;
  const double decimals = -std::floor(std::log10(step) + kSlack);  // of any domain, so of any size
  return decimals >= kMost ? kMost : decimals > 0 ? static_cast<int>(decimals) : 0;
}

// Fixed digits would be long there.
bool is_written_short(double value) {
  const double size = std::abs(value);
  return size >= 1e6 || (size > 0 && size < 1e-3);
}

Tick make_tick(double value, int decimals) {
  return {value, is_written_short(value) ? render_short(value) : render_fixed(value, decimals)};
}

std::vector<double> log_steps(const Interval& domain, std::span<const double> factors) {
  std::vector<double> values;
  const int first = static_cast<int>(std::floor(std::log10(domain.low)));
  const int last = static_cast<int>(std::floor(std::log10(domain.high)));
  for (int exponent = first; exponent <= last; ++exponent) {
    for (const double factor : factors) {
      // One rounding: 10^-3 is not a double, and 5 * 0.001 need not be the 0.005 that is meant.
      const double value =
          exponent < 0 ? factor / std::pow(10.0, -exponent) : factor * std::pow(10.0, exponent);
      if (value >= domain.low * (1 - kSlack) && value <= domain.high * (1 + kSlack)) {
        values.push_back(value);
      }
    }
  }
  return values;
}

}  // namespace

std::vector<Tick> pick_ticks(const Interval& domain, int count) {
  const double step = nice_step((domain.high - domain.low) / std::max(count, 1));
  const int decimals = decimals_of_step(step);
  std::vector<Tick> ticks;
  const double first = std::ceil(domain.low / step - kSlack);
  const double last = std::floor(domain.high / step + kSlack);
  for (double i = first; i <= last && ticks.size() < 100; ++i) {
    ticks.push_back(make_tick(i * step, decimals));
  }
  return ticks;
}

std::vector<Tick> pick_log_ticks(const Interval& domain, int count) {
  constexpr std::array kAll = {1.0, 2.0, 5.0};
  constexpr std::array kPowers = {1.0};
  std::vector<double> values = log_steps(domain, kAll);
  if (values.size() < 3) {
    return pick_ticks(domain, count);
  }
  const auto most = static_cast<std::size_t>(std::max(count, 2));
  std::size_t stride = 1;
  if (values.size() > most + 2) {
    values = log_steps(domain, kPowers);
    stride = (values.size() + most - 1) / most;
  }
  std::vector<Tick> ticks;
  for (std::size_t i = 0; i < values.size(); i += stride) {
    ticks.push_back({values[i], render_short(values[i])});
  }
  return ticks;
}

std::vector<Tick> keep_whole(std::vector<Tick> ticks) {
  std::erase_if(ticks, [](const Tick& tick) { return tick.value != std::round(tick.value); });
  for (Tick& tick : ticks) {
    tick = make_tick(tick.value, 0);
  }
  return ticks;
}

Interval pick_domain(std::span<const double> values, ScaleKind kind) {
  const bool is_log = kind == ScaleKind::kLog;
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  Interval domain{kInfinity, -kInfinity};
  for (const double value : values) {
    if (std::isfinite(value) && (!is_log || value > 0)) {
      domain = {std::min(domain.low, value), std::max(domain.high, value)};
    }
  }
  if (domain.low > domain.high) {
    domain = is_log ? Interval{1, 10} : Interval{0, 1};
  }
  if (is_log) {
    const double room = std::max(std::pow(domain.high / domain.low, kRoom), 1.02);
    return {domain.low / room, domain.high * room};
  }
  const double span = domain.high - domain.low;
  const double room = span > 0             ? span * kRoom
                      : domain.high == 0.0 ? 0.5
                                           : std::abs(domain.high) * kRoom;
  return {domain.low - room, domain.high + room};
}

Scale::Scale(ScaleKind kind, const Interval& domain, double from, double to)
    : kind_(kind), domain_(domain), from_(from), to_(to) {}

double Scale::measure(double value) const {
  return kind_ == ScaleKind::kLog ? std::log(value) : value;
}

bool Scale::has_place(double value) const {
  return std::isfinite(value) && (kind_ == ScaleKind::kLinear || value > 0);
}

double Scale::place(double value) const {
  const double inside = std::clamp(value, domain_.low, domain_.high);
  const double low = measure(domain_.low);
  const double high = measure(domain_.high);
  return high > low ? from_ + (measure(inside) - low) / (high - low) * (to_ - from_) : from_;
}

std::vector<Tick> Scale::ticks(int count) const {
  return kind_ == ScaleKind::kLog ? pick_log_ticks(domain_, count) : pick_ticks(domain_, count);
}

}  // namespace glimpse::reports
