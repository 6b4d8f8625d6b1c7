#include "reports/stats/sample.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/normal.hpp>

#include "reports/stats/student.h"

namespace glimpse::reports {
namespace {

double median_of(std::vector<double> values) {
  std::ranges::sort(values);
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

std::optional<Interval> around_mean(const Sample& sample, double level, double variance_share) {
  if (sample.n < kFewestForInterval) {
    return std::nullopt;
  }
  const double reach = student_quantile(static_cast<double>(sample.n - 1), (1 + level) / 2) *
                       sample.sd * std::sqrt(variance_share);
  return Interval{sample.mean - reach, sample.mean + reach};
}

}  // namespace

Sample summarize(std::span<const double> values) {
  Sample sample{.n = values.size()};
  if (values.empty()) {
    return sample;
  }
  const auto n = static_cast<double>(values.size());
  sample.mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double squares = 0;
  for (const double value : values) {
    squares += (value - sample.mean) * (value - sample.mean);
  }
  sample.sd = values.size() > 1 ? std::sqrt(squares / (n - 1)) : 0;
  const auto [min, max] = std::ranges::minmax(values);
  sample.min = min;
  sample.max = max;
  sample.median = median_of({values.begin(), values.end()});
  return sample;
}

std::optional<Interval> mean_interval(const Sample& sample, double level) {
  return around_mean(sample, level, 1 / static_cast<double>(sample.n));
}

std::optional<Interval> prediction_interval(const Sample& sample, double level) {
  return around_mean(sample, level, 1 + 1 / static_cast<double>(sample.n));
}

Interval wilson_interval(const Count& count, double level) {
  const double z = boost::math::quantile(boost::math::normal(), (1 + level) / 2);
  const auto n = static_cast<double>(count.all);
  const double share = static_cast<double>(count.hits) / n;
  const double centre = (share + z * z / (2 * n)) / (1 + z * z / n);
  const double reach =
      z / (1 + z * z / n) * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n));
  return {std::max(0.0, centre - reach), std::min(1.0, centre + reach)};
}

Interval clopper_pearson_interval(const Count& count, double level) {
  using boost::math::binomial;
  const auto n = static_cast<double>(count.all);
  const auto hits = static_cast<double>(count.hits);
  const double tail = (1 - level) / 2;
  return {binomial::find_lower_bound_on_p(n, hits, tail),
          binomial::find_upper_bound_on_p(n, hits, tail)};
}

}  // namespace glimpse::reports
