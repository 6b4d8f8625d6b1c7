#pragma once

// How the configurations of a study are found. A searcher is a pure function of the study and of
// what has been observed, so a coordinator that starts again proposes what the old one would have.
// A sequential searcher fits in as well: it replays itself, proposes a first batch, asks what came
// of it, goes on as far as answers reach, and returns everything it has proposed so far.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "experiments/columns.h"
#include "experiments/plan/history.h"
#include "experiments/study.h"

namespace glimpse::experiments {

struct Proposals {
  std::vector<PlanColumn> columns;   // sorted by name
  std::vector<std::uint32_t> cells;  // row by row; kAbsent where a configuration does not say
  // Known even where there is no column to count by.
  std::size_t configurations = 0;
};

// The objective of a configuration over all seeds of the study.
using Observe = std::function<Score(const Assignment&)>;

class Searcher {
 public:
  Searcher() = default;
  virtual ~Searcher() = default;
  Searcher(const Searcher&) = delete;
  Searcher& operator=(const Searcher&) = delete;
  Searcher(Searcher&&) = delete;
  Searcher& operator=(Searcher&&) = delete;

  // In the order of the plan. With more observed, what was proposed before stays in front.
  // Parameters that do not apply and duplicates may be among it; the plan drops them.
  [[nodiscard]] virtual Proposals propose(const Study& study, const Observe& observe) const = 0;
};

std::unique_ptr<Searcher> make_searcher(Method method);

// Collects configurations that are given value by value.
class ProposalBuilder {
 public:
  explicit ProposalBuilder(std::vector<std::string> sorted_names);
  // Names without a value become kAbsent.
  void add(const Assignment& configuration);
  [[nodiscard]] Proposals take();

 private:
  Proposals proposals_;
  std::vector<std::unordered_map<Value, std::uint32_t>> numbers_;  // per column
};

}  // namespace glimpse::experiments
