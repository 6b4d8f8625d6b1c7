#pragma once

// A study's parameters as Optuna knows them: a distribution each, the same for all runs, that holds
// every value any run has. A list of values is categorical; a range keeps its ends, or is as wide
// as what was drawn from it where it has none. Pure.

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "experiments/study.h"
#include "reports/reading/study_reader.h"

namespace glimpse::reports {

class OptunaSpace {
 public:
  OptunaSpace(const experiments::Study& study, const std::vector<RunFacts>& runs);

  // These take what some run has. A distribution is JSON.
  [[nodiscard]] const std::string& distribution(const std::string& parameter) const;
  // A number by itself, and the place of a choice among the others.
  [[nodiscard]] double number_for(const std::string& parameter,
                                  const experiments::Value& value) const;

 private:
  struct Dimension {
    std::string distribution;
    std::map<experiments::Value, std::size_t> places;  // of choices; empty for a range
  };
  using Seen = std::set<experiments::Value>;

  static Dimension categorical(const experiments::Space* space, const Seen& seen);
  static Dimension numeric(const experiments::Range& range, const Seen& seen);
  static Dimension dimension_of(const experiments::Space* space, const Seen& seen);

  std::map<std::string, Dimension> dimensions_;
};

}  // namespace glimpse::reports
