#include "reports/stats/comparison.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "reports/stats/student.h"

namespace glimpse::reports {
namespace {

constexpr std::size_t kFewestForPermutation = 6;
constexpr std::size_t kMostForPermutation = 20;  // a million signs
// Sums that differ by less than their rounding are equal.
constexpr double kRounding = 1e-12;

// A difference and how uncertain it is.
struct Estimate {
  double difference = 0;
  double error = 0;  // its standard deviation
  double degrees = 1;
};

void judge(const Estimate& estimate, Comparison& comparison) {
  const double reach = student_quantile(estimate.degrees, (1 + kLevel) / 2) * estimate.error;
  comparison.interval = Interval{estimate.difference - reach, estimate.difference + reach};
  // Without any spread a difference is certain, and so is its absence.
  const double t = estimate.error > 0         ? std::abs(estimate.difference) / estimate.error
                   : estimate.difference == 0 ? 0
                                              : std::numeric_limits<double>::infinity();
  comparison.p = std::min(1.0, 2 * student_tail(estimate.degrees, t));
}

double sum_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

std::optional<double> permutation_p(std::span<const double> differences) {
  const std::size_t n = differences.size();
  if (n < kFewestForPermutation || n > kMostForPermutation) {
    return std::nullopt;
  }
  double size = 0;
  for (const double difference : differences) {
    size += std::abs(difference);
  }
  const double seen = std::abs(sum_of(differences)) - kRounding * size;
  const std::uint64_t signs = std::uint64_t{1} << n;
  std::uint64_t as_far = 0;
  for (std::uint64_t bits = 0; bits < signs; ++bits) {
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) {
      sum += (bits >> i & 1) != 0 ? -differences[i] : differences[i];
    }
    as_far += std::abs(sum) >= seen ? 1 : 0;
  }
  return static_cast<double>(as_far) / static_cast<double>(signs);
}

std::optional<double> effect_of(double difference, double sd) {
  return sd > 0 ? std::optional(difference / sd) : std::nullopt;
}

}  // namespace

Comparison compare_paired(std::span<const double> first, std::span<const double> second) {
  if (first.size() != second.size()) {
    throw std::invalid_argument("compare pairs: one side has more values");
  }
  std::vector<double> differences(first.size());
  std::ranges::transform(first, second, differences.begin(), std::minus());
  const Sample sample = summarize(differences);
  Comparison comparison{.n = sample.n, .difference = sample.mean};
  if (sample.n >= kFewestForInterval) {
    const auto n = static_cast<double>(sample.n);
    judge({sample.mean, sample.sd / std::sqrt(n), n - 1}, comparison);
    comparison.effect = effect_of(sample.mean, sample.sd);
  }
  comparison.permutation_p = permutation_p(differences);
  return comparison;
}

Comparison compare_unpaired(std::span<const double> first, std::span<const double> second) {
  const Sample a = summarize(first);
  const Sample b = summarize(second);
  Comparison comparison{.n = std::min(a.n, b.n), .difference = a.mean - b.mean};
  if (comparison.n < kFewestForInterval) {
    return comparison;
  }
  const auto na = static_cast<double>(a.n);
  const auto nb = static_cast<double>(b.n);
  const double va = a.sd * a.sd / na;
  const double vb = b.sd * b.sd / nb;
  const double spread = va * va / (na - 1) + vb * vb / (nb - 1);
  const double degrees = spread > 0 ? (va + vb) * (va + vb) / spread : na + nb - 2;
  judge({a.mean - b.mean, std::sqrt(va + vb), degrees}, comparison);
  const double pooled =
      std::sqrt(((na - 1) * a.sd * a.sd + (nb - 1) * b.sd * b.sd) / (na + nb - 2));
  comparison.effect = effect_of(comparison.difference, pooled);
  return comparison;
}

std::vector<double> adjust_by_holm(std::span<const double> p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return p[i]; });
  std::vector<double> adjusted(p.size());
  double largest = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    const double factor = static_cast<double>(p.size() - rank);
    largest = std::max(largest, std::min(1.0, factor * p[order[rank]]));
    adjusted[order[rank]] = largest;
  }
  return adjusted;
}

}  // namespace glimpse::reports
