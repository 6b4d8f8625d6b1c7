#include "experiments/study_check.h"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>

#include "experiments/dataset_table.h"
#include "experiments/model_table.h"
#include "experiments/parameter_graph.h"
#include "experiments/parameter_lookup.h"
#include "experiments/plan_limits.h"
#include "experiments/space.h"
#include "experiments/table_check.h"

namespace glimpse::experiments {
namespace {

void add(std::vector<Issue>& issues, std::string pointer, std::string message) {
  issues.push_back({.pointer = std::move(pointer), .message = std::move(message)});
}

void check_name(const Study& study,
                const StudyNames& names,
                const std::string& name,
                const std::string& pointer,
                std::vector<Issue>& issues) {
  const auto problem =
      study.kind == StudyKind::kCommand ? command_name_problem(name) : std::nullopt;
  if (problem) {
    add(issues, pointer, *problem);
  } else if (!names.knows(name)) {
    add(issues, pointer, "unknown parameter");
  }
}

bool takes_whole_numbers(const Study& study, std::string_view name) {
  const bool is_dataset = is_dataset_name(name);
  if (is_dataset) {
    name.remove_prefix(kDatasetPrefix.size());
  } else if (study.kind == StudyKind::kCommand) {
    return false;
  }
  const auto rows = is_dataset ? dataset_rows() : parameter_rows();
  return std::any_of(rows.begin(), rows.end(), [&](const ParameterRow& row) {
    return row.name == name && row.type == ParameterType::kInteger;
  });
}

// The ends stand for all that lies between them; of a normal range only the middle can be known.
void check_range(const Study& study, const Parameter& parameter, std::vector<Issue>& issues) {
  const Range& range = std::get<Range>(parameter.space);
  const std::string pointer = parameter_pointer(parameter.name);
  if (const auto problem = range_problem(range)) {
    add(issues, pointer, *problem);
    return;
  }
  if (study.method == Method::kGrid && !is_discrete(parameter.space)) {
    add(issues,
        pointer,
        "a grid needs separate values (give \"values\", or use method \"random\")");
    return;
  }
  if (!is_discrete(parameter.space) && takes_whole_numbers(study, parameter.name)) {
    add(issues, pointer, std::string(kWantsWholeNumbers));
    return;
  }
  auto problem = parameter_problem(study, parameter.name, range.low);
  if (!problem && range.distribution != Distribution::kNormal) {
    problem = parameter_problem(study, parameter.name, range.high);
  }
  if (problem) {
    add(issues, pointer, *problem);
  }
}

void check_list(const Study& study, const Parameter& parameter, std::vector<Issue>& issues) {
  const auto& values = std::get<std::vector<Value>>(parameter.space);
  const std::string pointer = parameter_pointer(parameter.name);
  if (values.empty()) {
    add(issues, pointer, "has no values");
  }
  std::set<Value> seen;
  for (const Value& value : values) {
    if (const auto problem = parameter_problem(study, parameter.name, value)) {
      add(issues, pointer, *problem);
    } else if (!seen.insert(value).second) {
      add(issues, pointer, "the value " + render_json(value) + " stands twice");
    }
  }
}

void check_parameters(const Study& study, const StudyNames& names, std::vector<Issue>& issues) {
  if (study.parameters.size() > kMaxParameters) {
    add(issues, "/parameters", "more than " + std::to_string(kMaxParameters) + " parameters");
    return;
  }
  std::set<std::string> seen;
  for (const Parameter& parameter : study.parameters) {
    const std::size_t before = issues.size();
    const std::string pointer = parameter_pointer(parameter.name);
    check_name(study, names, parameter.name, pointer, issues);
    if (!seen.insert(parameter.name).second) {
      add(issues, pointer, "stands twice");
    }
    if (issues.size() == before) {
      const bool is_range = std::holds_alternative<Range>(parameter.space);
      is_range ? check_range(study, parameter, issues) : check_list(study, parameter, issues);
    }
  }
}

void check_assignment(const Study& study,
                      const StudyNames& names,
                      const Assignment& assignment,
                      const std::string& pointer,
                      std::vector<Issue>& issues) {
  for (const auto& [name, value] : assignment) {
    const std::string at = pointer + "/" + escape_pointer(name);
    const std::size_t before = issues.size();
    check_name(study, names, name, at, issues);
    const auto problem = parameter_problem(study, name, value);
    if (issues.size() == before && problem) {
      add(issues, at, *problem);
    }
  }
}

bool is_in_every_point(const Study& study, const std::string& name) {
  return std::all_of(study.points.begin(), study.points.end(), [&](const Assignment& point) {
    return point.contains(name);
  });
}

void check_points(const Study& study, const StudyNames& names, std::vector<Issue>& issues) {
  if (study.points.empty()) {
    add(issues, "/points", "method \"list\" needs at least one point");
  }
  if (names.count() > kMaxParameters) {
    add(issues, "/points", "more than " + std::to_string(kMaxParameters) + " parameters");
    return;
  }
  for (std::size_t i = 0; i < study.points.size(); ++i) {
    check_assignment(study, names, study.points[i], "/points/" + std::to_string(i), issues);
  }
  for (const Parameter& parameter : study.parameters) {
    const auto* list = std::get_if<std::vector<Value>>(&parameter.space);
    if (list == nullptr || list->size() > 1) {
      add(issues,
          parameter_pointer(parameter.name),
          "with method \"list\" a parameter has one value, and the points say the rest");
    } else if (is_in_every_point(study, parameter.name)) {
      add(issues,
          parameter_pointer(parameter.name),
          "no point takes this value: each of them gives its own");
    }
  }
}

void check_method(const Study& study, const StudyNames& names, std::vector<Issue>& issues) {
  if (study.method == Method::kList) {
    check_points(study, names, issues);
  } else if (!study.points.empty()) {
    add(issues, "/points", "points belong to method \"list\"");
  }
  if (study.method == Method::kRandom && !study.run_cap) {
    add(issues, "/run_cap", "method \"random\" needs to know how many configurations to draw");
  }
  const auto limit = static_cast<std::int64_t>(kMaxConfigurations);
  if (study.run_cap && (*study.run_cap < 1 || *study.run_cap > limit)) {
    add(issues, "/run_cap", "must be a whole number from 1 to " + std::to_string(limit));
  }
}

void check_seeds(const Study& study, std::vector<Issue>& issues) {
  if (study.seeds.empty()) {
    add(issues, "/seeds", "a study needs at least one seed");
  }
  std::set<std::uint64_t> seen;
  for (const std::uint64_t seed : study.seeds) {
    if (seed > std::uint64_t{kMaxWhole}) {
      add(issues,
          "/seeds",
          "the seed " + std::to_string(seed) + " is larger than " + std::to_string(kMaxWhole));
    } else if (!seen.insert(seed).second) {
      add(issues, "/seeds", "the seed " + std::to_string(seed) + " stands twice");
    }
  }
}

void check_condition(const Study& study,
                     const StudyNames& names,
                     const Condition& condition,
                     const std::string& pointer,
                     std::vector<Issue>& issues) {
  for (const auto& [name, values] : condition) {
    const std::string at = pointer + "/" + escape_pointer(name);
    check_name(study, names, name, at, issues);
    if (values.empty()) {
      add(issues, at, "has no values, so it can never hold");
    }
    for (const Value& value : values) {
      const auto problem = parameter_problem(study, name, value);
      if (problem && names.knows(name)) {
        add(issues, at, *problem);
      }
    }
  }
}

void check_when(const Study& study, const StudyNames& names, std::vector<Issue>& issues) {
  for (const auto& [name, condition] : study.when) {
    const std::string pointer = "/when/" + escape_pointer(name);
    if (!names.gives(name)) {
      add(issues, pointer, "the study gives no parameter of this name");
    }
    check_condition(study, names, condition, pointer, issues);
  }
}

void check_excludes(const Study& study, const StudyNames& names, std::vector<Issue>& issues) {
  if (study.exclude.size() > kMaxExcludes) {
    add(issues, "/exclude", "more than " + std::to_string(kMaxExcludes) + " entries");
    return;
  }
  for (std::size_t i = 0; i < study.exclude.size(); ++i) {
    const std::string pointer = "/exclude/" + std::to_string(i);
    if (study.exclude[i].empty()) {
      add(issues, pointer, "excludes everything");
    }
    check_assignment(study, names, study.exclude[i], pointer, issues);
  }
}

void check_continuation(const Study& study, std::vector<Issue>& issues) {
  if (!study.continue_from.empty() && study.kind == StudyKind::kCommand) {
    add(issues, "/continue_from", "a command's runs cannot be continued");
  }
}

void check_kind(const Study& study, std::vector<Issue>& issues) {
  if (study.kind == StudyKind::kCommand && study.command.empty()) {
    add(issues, "/command", "a study of kind \"command\" needs a command");
  }
  if (study.kind == StudyKind::kTrain && !study.command.empty()) {
    add(issues, "/command", "belongs to studies of kind \"command\"");
  }
  if (study.kind == StudyKind::kTrain && !study.dataset) {
    add(issues, "/dataset", "a study of kind \"train\" needs a dataset");
  }
  if (study.resources.members < 1) {
    add(issues, "/resources/members", "must be at least 1");
  }
}

bool sweeps_dataset(const Study& study) {
  const auto names_it = [](const Assignment& point) {
    return std::any_of(
        point.begin(), point.end(), [](const auto& entry) { return is_dataset_name(entry.first); });
  };
  return std::any_of(study.parameters.begin(),
                     study.parameters.end(),
                     [](const Parameter& one) { return is_dataset_name(one.name); }) ||
         std::any_of(study.points.begin(), study.points.end(), names_it);
}

// Where a value of the dataset is swept, the one beside the sweep does not count, and the plan
// looks at every dataset that comes of it.
void check_dataset(const Study& study, std::vector<Issue>& issues) {
  if (!study.dataset || sweeps_dataset(study)) {
    return;
  }
  for (Issue& issue : dataset_issues(*study.dataset)) {
    issues.push_back(std::move(issue));
  }
}

// Only asked of studies that are sound otherwise: the graph takes names and values for granted.
void check_circles(const Study& study, std::vector<Issue>& issues) {
  std::vector<PlanColumn> columns;
  columns.reserve(study.when.size());
  for (const auto& [name, condition] : study.when) {
    columns.push_back({name, {}});
  }
  try {
    const ParameterGraph graph(study, columns, {});
  } catch (const std::invalid_argument& error) {
    add(issues, "/when", error.what());
  }
}

}  // namespace

std::vector<Issue> check_study(const Study& study) {
  const StudyNames names(study);
  std::vector<Issue> issues;
  check_kind(study, issues);
  check_dataset(study, issues);
  check_seeds(study, issues);
  check_metric(study, issues);
  check_parameters(study, names, issues);
  check_method(study, names, issues);
  check_when(study, names, issues);
  check_excludes(study, names, issues);
  check_continuation(study, issues);
  check_table(study, names, issues);
  if (issues.empty()) {
    check_circles(study, issues);
  }
  return issues;
}

}  // namespace glimpse::experiments
