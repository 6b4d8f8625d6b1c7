#include "experiments/plan/narrowing.h"

#include <algorithm>
#include <set>

#include "experiments/parameter_lookup.h"
#include "experiments/plan/grid_size.h"

namespace glimpse::experiments {
namespace {

// False only where the study lists the parameter's values and this is none of them.
bool can_take(const Study& study, const std::string& name, const Value& value) {
  const Parameter* const parameter = find_parameter(study, name);
  const auto* const values =
      parameter == nullptr ? nullptr : std::get_if<std::vector<Value>>(&parameter->space);
  return values == nullptr || std::find(values->begin(), values->end(), value) != values->end();
}

}  // namespace

std::vector<std::string> drop_what_lost_its_meaning(Study& study, const Study& written) {
  if (study.method == Method::kList) {
    return {};  // points say themselves what they hold
  }
  const std::set<std::string> before = applicable_names(written);
  const std::set<std::string> now = applicable_names(study);
  std::vector<std::string> dropped;
  for (const Parameter& parameter : study.parameters) {
    if (before.contains(parameter.name) && !now.contains(parameter.name)) {
      dropped.push_back(parameter.name);
    }
  }
  const auto is_dropped = [&](const std::string& name) {
    return std::find(dropped.begin(), dropped.end(), name) != dropped.end();
  };
  std::erase_if(study.exclude, [&](const Assignment& pairs) {
    return std::any_of(pairs.begin(), pairs.end(), [&](const auto& pair) {
      const auto& [name, value] = pair;
      return is_dropped(name) || (can_take(written, name, value) && !can_take(study, name, value));
    });
  });
  std::erase_if(study.parameters, [&](const Parameter& one) { return is_dropped(one.name); });
  return dropped;
}

}  // namespace glimpse::experiments
