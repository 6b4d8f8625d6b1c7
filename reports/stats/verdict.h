#pragma once

// What our values say of a published figure, which is one draw of somebody else's. Pure.

#include <optional>
#include <string_view>

#include "reports/stats/sample.h"

namespace glimpse::reports {

enum class Verdict {
  kWorse,         // our mean lies surely beyond the margin, on the wrong side
  kBetter,        // the same on the right side
  kReproduced,    // our mean lies surely within the margin
  kConsistent,    // the figure could be one more run of ours
  kInconclusive,  // more seeds would tell
  kIncomplete,    // a seed failed, diverged or has yet to run, so there is no mean
  kMissing,       // nothing has run
  kNotComparable  // not the published protocol
};
std::string_view name_of(Verdict verdict);

struct PublishedFigure {
  double value = 0;
  double unit = 0;  // of its last printed digit; 0: exact
  double margin = 0;
  bool is_maximized = false;
};

struct Judgement {
  Verdict verdict = Verdict::kInconclusive;
  // Seeds that would decide an inconclusive one, if they look like those there are; nothing where a
  // thousand would not.
  std::optional<std::size_t> more_seeds = {};
};

// Of complete cells of the published protocol alone: the last three words are the caller's to say.
Judgement judge(const Sample& sample, const PublishedFigure& published);

}  // namespace glimpse::reports
