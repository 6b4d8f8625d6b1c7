#include "experiments/parameter_lookup.h"

#include <algorithm>

#include "experiments/dataset_table.h"
#include "experiments/model_table.h"
#include "experiments/path_name.h"

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

std::string pointer_to_given(const Study& study, const std::string& name, const Value* value) {
  const auto& points = study.points;
  for (const bool any : {false, true}) {
    const auto found = std::find_if(points.begin(), points.end(), [&](const Assignment& point) {
      const auto given = point.find(name);
      return given != point.end() && (any || value == nullptr || given->second == *value);
    });
    if (found != points.end()) {
      return "/points/" + std::to_string(found - points.begin()) + "/" + escape_pointer(name);
    }
    if (find_parameter(study, name) != nullptr) {
      return parameter_pointer(name);
    }
  }
  return "";
}

StudyNames::StudyNames(const Study& study) : study_(study) {
  for (const Parameter& parameter : study.parameters) {
    const auto* list = std::get_if<std::vector<Value>>(&parameter.space);
    add(parameter.name, list == nullptr || list->empty() ? Value() : list->front());
    if (list == nullptr || list->size() > 1) {
      varying_.insert(parameter.name);
    }
  }
  for (const Assignment& point : study.points) {
    for (const auto& [name, value] : point) {
      add(name, value);
    }
  }
}

void StudyNames::add(const std::string& name, const Value& value) {
  const auto [first, is_new] = first_values_.try_emplace(name, value);
  if (!is_new && first->second != value) {
    varying_.insert(name);
  }
}

bool StudyNames::knows(const std::string& name) const {
  if (is_dataset_name(name)) {
    return study_.dataset.has_value() &&
           find_dataset_row(std::string_view(name).substr(kDatasetPrefix.size())) != nullptr;
  }
  return study_.kind == StudyKind::kTrain ? is_parameter(name) : gives(name);
}

std::optional<std::string> command_name_problem(std::string_view name) {
  if (std::find(kGivenNames.begin(), kGivenNames.end(), name) != kGivenNames.end()) {
    return "is given to every trial of a command and cannot be a parameter";
  }
  if (!is_path_name(name)) {
    return "a parameter's name must be " + std::string(kPathNameRule);
  }
  return std::nullopt;
}

std::optional<std::string> parameter_problem(const Study& study,
                                             std::string_view name,
                                             const Value& value) {
  if (is_dataset_name(name)) {
    return study.dataset ? dataset_value_problem(name.substr(kDatasetPrefix.size()), value)
                         : std::optional<std::string>("has no meaning: the study has no dataset");
  }
  return study.kind == StudyKind::kTrain ? value_problem(name, value) : std::nullopt;
}

}  // namespace glimpse::experiments
