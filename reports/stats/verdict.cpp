#include "reports/stats/verdict.h"

#include <array>
#include <cmath>

#include "reports/stats/student.h"

namespace glimpse::reports {
namespace {

constexpr std::size_t kMostSeeds = 1000;
constexpr double kTestLevel = 0.05;

// Two one-sided tests are passed where the interval at 1 - 2 x 5 % lies within.
bool is_equivalent(const Sample& sample, const PublishedFigure& published) {
  const double reach = published.margin + published.unit / 2;
  const auto within = mean_interval(sample, 1 - 2 * kTestLevel);
  return within && within->low > published.value - reach && within->high < published.value + reach;
}

std::optional<Verdict> decide(const Sample& sample, const PublishedFigure& published) {
  const auto mean = mean_interval(sample);
  const auto one_more = prediction_interval(sample);
  if (!mean || !one_more) {
    return std::nullopt;
  }
  if (mean->low > published.value + published.margin) {
    return published.is_maximized ? Verdict::kBetter : Verdict::kWorse;
  }
  if (mean->high < published.value - published.margin) {
    return published.is_maximized ? Verdict::kWorse : Verdict::kBetter;
  }
  if (is_equivalent(sample, published)) {
    return Verdict::kReproduced;
  }
  return one_more->contains(published.value) ? std::optional(Verdict::kConsistent) : std::nullopt;
}

std::optional<std::size_t> seeds_to_decide(Sample sample, const PublishedFigure& published) {
  const std::size_t before = sample.n;
  if (before < 2) {
    return kFewestForInterval - before;  // no spread to go by
  }
  for (++sample.n; sample.n <= kMostSeeds; ++sample.n) {
    if (decide(sample, published)) {
      return sample.n - before;
    }
  }
  return std::nullopt;
}

}  // namespace

std::string_view name_of(Verdict verdict) {
  constexpr std::array<std::string_view, 8> kNames = {"worse",
                                                      "better",
                                                      "reproduced",
                                                      "consistent",
                                                      "inconclusive",
                                                      "incomplete",
                                                      "missing",
                                                      "not comparable"};
  return kNames.at(static_cast<std::size_t>(verdict));
}

Judgement judge(const Sample& sample, const PublishedFigure& published) {
  if (const auto verdict = decide(sample, published)) {
    return {*verdict, std::nullopt};
  }
  return {Verdict::kInconclusive, seeds_to_decide(sample, published)};
}

}  // namespace glimpse::reports
