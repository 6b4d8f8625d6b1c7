#include "experiments/plan/list_searcher.h"

#include <set>

#include "experiments/space.h"

namespace glimpse::experiments {

Proposals propose_list(const Study& study) {
  Assignment shared;
  std::set<std::string> names;
  for (const Parameter& parameter : study.parameters) {
    shared.emplace(parameter.name, expand(parameter.space).front());
    names.insert(parameter.name);
  }
  for (const Assignment& point : study.points) {
    for (const auto& [name, value] : point) {
      names.insert(name);
    }
  }
  ProposalBuilder builder({names.begin(), names.end()});
  for (const Assignment& point : study.points) {
    Assignment configuration = point;
    configuration.insert(shared.begin(), shared.end());
    builder.add(configuration);
  }
  return builder.take();
}

}  // namespace glimpse::experiments
