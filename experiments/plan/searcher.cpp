#include "experiments/plan/searcher.h"

#include <utility>

#include "experiments/plan/grid_searcher.h"
#include "experiments/plan/list_searcher.h"
#include "experiments/plan/random_searcher.h"

namespace glimpse::experiments {

Proposals propose(const Study& study) {
  switch (study.method) {
    case Method::kList:
      return propose_list(study);
    case Method::kRandom:
      return propose_random(study);
    case Method::kGrid:
      break;
  }
  return propose_grid(study);
}

ProposalBuilder::ProposalBuilder(std::vector<std::string> sorted_names)
    : numbers_(sorted_names.size()) {
  for (std::string& name : sorted_names) {
    proposals_.columns.push_back({std::move(name), {}});
  }
}

void ProposalBuilder::add(const Assignment& configuration) {
  for (std::size_t i = 0; i < numbers_.size(); ++i) {
    PlanColumn& column = proposals_.columns[i];
    const auto given = configuration.find(column.name);
    if (given == configuration.end()) {
      proposals_.cells.push_back(kAbsent);
      continue;
    }
    const auto next = static_cast<std::uint32_t>(column.values.size());
    const auto [entry, is_new] = numbers_[i].emplace(given->second, next);
    if (is_new) {
      column.values.push_back(given->second);
    }
    proposals_.cells.push_back(entry->second);
  }
  ++proposals_.configurations;
}

Proposals ProposalBuilder::take() {
  return std::move(proposals_);
}

}  // namespace glimpse::experiments
