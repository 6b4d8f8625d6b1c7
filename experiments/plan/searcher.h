#pragma once

// How the configurations of a study are found. Pure functions of the study, so a coordinator that
// starts again proposes what the old one would have.

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "experiments/columns.h"
#include "experiments/study.h"

namespace glimpse::experiments {

struct Proposals {
  std::vector<PlanColumn> columns;   // sorted by name
  std::vector<std::uint32_t> cells;  // row by row; kAbsent where a configuration does not say
  // Known even where there is no column to count by.
  std::size_t configurations = 0;
};

// By the study's method, in the order of the plan. Parameters that do not apply and duplicates may
// be among it; the plan drops them. The caller has asked check_plan_size() whether it fits.
Proposals propose(const Study& study);

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
