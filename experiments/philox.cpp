#include "experiments/philox.h"

#include <algorithm>
#include <cmath>

namespace glimpse::experiments {
namespace {

using Coefficients = std::array<double, 8>;  // highest power first

double polynomial(const Coefficients& coefficients, double x) {
  double sum = 0;
  for (const double coefficient : coefficients) {
    sum = sum * x + coefficient;
  }
  return sum;
}

double ratio(const Coefficients& above, const Coefficients& below, double x) {
  return polynomial(above, x) / polynomial(below, x);
}

// M. J. Wichura, "Algorithm AS 241: The Percentage Points of the Normal Distribution", Applied
// Statistics 37 (1988): one pair of polynomials each for the middle, the tails and the far tails.
constexpr Coefficients kMiddleAbove = {2.5090809287301226727e+3,
                                       3.3430575583588128105e+4,
                                       6.7265770927008700853e+4,
                                       4.5921953931549871457e+4,
                                       1.3731693765509461125e+4,
                                       1.9715909503065514427e+3,
                                       1.3314166789178437745e+2,
                                       3.3871328727963666080e+0};
constexpr Coefficients kMiddleBelow = {5.2264952788528545610e+3,
                                       2.8729085735721942674e+4,
                                       3.9307895800092710610e+4,
                                       2.1213794301586595867e+4,
                                       5.3941960214247511077e+3,
                                       6.8718700749205790830e+2,
                                       4.2313330701600911252e+1,
                                       1.0};
constexpr Coefficients kTailAbove = {7.74545014278341407640e-4,
                                     2.27238449892691845833e-2,
                                     2.41780725177450611770e-1,
                                     1.27045825245236838258e+0,
                                     3.64784832476320460504e+0,
                                     5.76949722146069140550e+0,
                                     4.63033784615654529590e+0,
                                     1.42343711074968357734e+0};
constexpr Coefficients kTailBelow = {1.05075007164441684324e-9,
                                     5.47593808499534494600e-4,
                                     1.51986665636164571966e-2,
                                     1.48103976427480074590e-1,
                                     6.89767334985100004550e-1,
                                     1.67638483018380384940e+0,
                                     2.05319162663775882187e+0,
                                     1.0};
constexpr Coefficients kFarAbove = {2.01033439929228813265e-7,
                                    2.71155556874348757815e-5,
                                    1.24266094738807843860e-3,
                                    2.65321895265761230930e-2,
                                    2.96560571828504891230e-1,
                                    1.78482653991729133580e+0,
                                    5.46378491116411436990e+0,
                                    6.65790464350110377720e+0};
constexpr Coefficients kFarBelow = {2.04426310338993978564e-15,
                                    1.42151175831644588870e-7,
                                    1.84631831751005468180e-5,
                                    7.86869131145613259100e-4,
                                    1.48753612908506148525e-2,
                                    1.36929880922735805310e-1,
                                    5.99832206555887937690e-1,
                                    1.0};

}  // namespace

double normal_quantile(double probability) {
  const double from_middle = probability - 0.5;
  if (std::abs(from_middle) <= 0.425) {
    return from_middle * ratio(kMiddleAbove, kMiddleBelow, 0.180625 - from_middle * from_middle);
  }
  const double outside = from_middle < 0 ? probability : 1 - probability;
  const double r = std::sqrt(-std::log(outside));
  const double size =
      r <= 5 ? ratio(kTailAbove, kTailBelow, r - 1.6) : ratio(kFarAbove, kFarBelow, r - 5);
  return from_middle < 0 ? -size : size;
}

void RandomStream::fill(std::span<std::uint32_t> numbers) {
  std::size_t done = 0;
  while (done < numbers.size() && position_ < block_.size()) {
    numbers[done++] = block_[position_++];
  }
  // Whole blocks go straight to their place, from counters that no number written can alias, which
  // is what makes this fast.
  PhiloxCounter counter = counter_;
  const PhiloxKey key = key_;
  for (; done + block_.size() <= numbers.size(); done += block_.size()) {
    const PhiloxCounter block = philox4x32(counter, key);
    ++counter[0];
    std::copy(block.begin(), block.end(), &numbers[done]);
  }
  counter_ = counter;
  while (done < numbers.size()) {
    numbers[done++] = next_u32();
  }
}

double RandomStream::normal() {
  // At 0 the quantile is infinite, so that one draw counts as half a step.
  return normal_quantile(std::max(uniform53(), 0x1p-54));
}

}  // namespace glimpse::experiments
