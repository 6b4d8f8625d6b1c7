#include "experiments/parameter_lookup.h"

#include <algorithm>

#include "experiments/dataset_table.h"
#include "experiments/model_table.h"

namespace glimpse::experiments {

std::string parameter_pointer(std::string_view name) {
  return "/parameters/" + escape_pointer(name);
}

const Parameter* find_parameter(const Study& study, std::string_view name) {
  const auto& all = study.parameters;
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Parameter& one) { return one.name == name; });
  return found == all.end() ? nullptr : &*found;
}

bool is_known_name(const Study& study, const std::string& name) {
  if (name.starts_with(kDatasetPrefix)) {
    return study.dataset.has_value() &&
           find_dataset_row(std::string_view(name).substr(kDatasetPrefix.size())) != nullptr;
  }
  if (study.kind == StudyKind::kTrain) {
    return is_parameter(name);
  }
  return find_parameter(study, name) != nullptr ||
         std::any_of(study.points.begin(), study.points.end(), [&](const Assignment& point) {
           return point.contains(name);
         });
}

std::optional<std::string> parameter_problem(const Study& study,
                                             std::string_view name,
                                             const Value& value) {
  if (name.starts_with(kDatasetPrefix)) {
    return study.dataset ? dataset_value_problem(name.substr(kDatasetPrefix.size()), value)
                         : std::optional<std::string>("has no meaning: the study has no dataset");
  }
  return study.kind == StudyKind::kTrain ? value_problem(name, value) : std::nullopt;
}

}  // namespace glimpse::experiments
