#include "experiments/table_check.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "experiments/parameter_lookup.h"
#include "experiments/space.h"

namespace glimpse::experiments {
namespace {

constexpr std::array<std::string_view, 7> kMetrics = {"train_loss",
                                                      "train_error",
                                                      "valid_error",
                                                      "test_error",
                                                      "valid_sequence_error",
                                                      "test_sequence_error",
                                                      "test_error_last"};

void add(std::vector<Issue>& issues, std::string pointer, std::string message) {
  issues.push_back({.pointer = std::move(pointer), .message = std::move(message)});
}

bool is_test_metric(const std::string& name) {
  return name.starts_with("test");
}

void check_metric_name(const Study& study,
                       const std::string& name,
                       const std::string& pointer,
                       std::vector<Issue>& issues) {
  if (study.kind == StudyKind::kTrain &&
      std::find(kMetrics.begin(), kMetrics.end(), name) == kMetrics.end()) {
    std::string known;
    for (const std::string_view metric : kMetrics) {
      known += (known.empty() ? "" : ", ") + std::string(metric);
    }
    add(issues, pointer, "unknown metric \"" + name + "\" (there are " + known + ")");
  }
}

// Whoever chooses by the test split reports a number that is too good.
void check_choosing_metric(const Study& study,
                           const std::string& name,
                           const std::string& pointer,
                           std::vector<Issue>& issues) {
  if (is_test_metric(name)) {
    add(issues,
        pointer,
        "\"" + name +
            "\" is measured on the test split, which must not choose anything (use a "
            "validation metric, such as \"valid_error\")");
  } else {
    check_metric_name(study, name, pointer, issues);
  }
}

void check_axis(const StudyNames& names,
                const std::string& name,
                const std::string& pointer,
                std::vector<Issue>& issues) {
  if (!names.knows(name)) {
    add(issues, pointer, "\"" + name + "\" is no parameter of this study");
  }
}

void check_axes(const StudyNames& names, const Table& table, std::vector<Issue>& issues) {
  if (table.rows.empty()) {
    add(issues, "/table/rows", "name the parameter whose values are the rows");
  } else {
    check_axis(names, table.rows, "/table/rows", issues);
  }
  if (table.columns.empty()) {
    return;
  }
  check_axis(names, table.columns, "/table/columns", issues);
  if (table.columns == table.rows) {
    add(issues, "/table/columns", "rows and columns are the same parameter");
  }
}

std::set<std::string> axis_names(const Study& study) {
  return study.table ? std::set<std::string>{study.table->rows, study.table->columns}
                     : std::set<std::string>{};
}

// The values that a study gives to one axis of its table.
class AxisValues {
 public:
  AxisValues(const Study& study, const std::string& name) {
    const Parameter* parameter = find_parameter(study, name);
    if (parameter != nullptr) {
      add_space(parameter->space);
    }
    const bool is_left_out = study.points.empty() || add_points(study.points, name);
    has_default_ = parameter == nullptr && is_left_out;
  }

  // What the study leaves out has a default, which may be any.
  [[nodiscard]] bool contains(const Value& value) const {
    return has_default_ || values_.contains(value) ||
           (range_ && experiments::contains(*range_, value));
  }

 private:
  void add_space(const Space& space) {
    if (const auto* list = std::get_if<std::vector<Value>>(&space)) {
      values_.insert(list->begin(), list->end());
    } else {
      range_ = std::get<Range>(space);
    }
  }

  // True where one of them does not say.
  bool add_points(const std::vector<Assignment>& points, const std::string& name) {
    bool leaves_out = false;
    for (const Assignment& point : points) {
      const auto given = point.find(name);
      if (given == point.end()) {
        leaves_out = true;
      } else {
        values_.insert(given->second);
      }
    }
    return leaves_out;
  }

  std::set<Value> values_;
  std::optional<Range> range_;
  bool has_default_ = false;
};

// Calls use(cell, pointer) for every cell with a figure or a claim, or group of cells where only
// one axis is named.
template <typename Use>
void for_each_cell(const Table& table, const Use& use) {
  for (std::size_t i = 0; i < table.published.size(); ++i) {
    use(table.published[i].cell, "/table/published/" + std::to_string(i));
  }
  for (std::size_t i = 0; i < table.claims.size(); ++i) {
    const Claim& claim = table.claims[i];
    const std::string pointer = "/table/claims/" + std::to_string(i);
    const bool is_below = claim.kind == Claim::Kind::kBelow;
    use(claim.cell, pointer + (is_below ? "/below/0" : "/best"));
    use(claim.other, pointer + (is_below ? "/below/1" : "/among"));
  }
}

void check_cell(const Study& study,
                const Assignment& cell,
                const std::string& pointer,
                std::vector<Issue>& issues) {
  const std::set<std::string> axes = axis_names(study);
  for (const auto& [name, value] : cell) {
    const std::string at = pointer + "/" + escape_pointer(name);
    if (!axes.contains(name)) {
      add(issues, at, "a cell is named by rows and columns, and this is neither");
    } else if (const auto problem = parameter_problem(study, name, value)) {
      add(issues, at, *problem);
    }
  }
}

// One that takes a single value may stand in the list: where it does not apply to all candidates,
// it belongs to what is chosen.
void check_over(const Study& study,
                const StudyNames& names,
                const std::vector<std::string>& over,
                std::vector<Issue>& issues) {
  const std::set<std::string> axes = axis_names(study);
  if (over.empty()) {
    add(issues, "/table/select/over", "name the parameters to select over");
  }
  std::set<std::string> seen;
  bool varies = false;
  for (std::size_t i = 0; i < over.size(); ++i) {
    const std::string pointer = "/table/select/over/" + std::to_string(i);
    if (axes.contains(over[i])) {
      add(issues, pointer, "\"" + over[i] + "\" is an axis of the table already");
    } else if (!seen.insert(over[i]).second) {
      add(issues, pointer, "\"" + over[i] + "\" is named twice");
    } else if (!names.knows(over[i])) {
      add(issues, pointer, "\"" + over[i] + "\" is no parameter of this study");
    }
    varies = varies || names.takes_several_values(over[i]);
  }
  if (!varies && !over.empty()) {
    add(issues,
        "/table/select/over",
        "none of these takes more than one value, so there is nothing to select");
  }
}

void check_select(const Study& study,
                  const StudyNames& names,
                  const Selection& select,
                  std::vector<Issue>& issues) {
  check_choosing_metric(study, select.best, "/table/select/best", issues);
  if (study.kind == StudyKind::kCommand && select.best != study.metric.name) {
    add(issues,
        "/table/select/best",
        "must be \"" + study.metric.name +
            "\", the metric of the study: of no other is it known whether small values are good");
  }
  check_over(study, names, select.over, issues);
  const int seeds = select.seeds;
  if (seeds < 1 || static_cast<std::size_t>(seeds) > study.seeds.size()) {
    add(issues,
        "/table/select/seeds",
        "stage one needs 1 to " + std::to_string(study.seeds.size()) +
            " seeds, as many as the study has, not " + std::to_string(seeds));
  }
}

void check_cells(const Study& study, const Table& table, std::vector<Issue>& issues) {
  for_each_cell(table, [&](const Assignment& cell, const std::string& pointer) {
    check_cell(study, cell, pointer, issues);
  });
  std::set<Assignment> seen;
  for (std::size_t i = 0; i < table.published.size(); ++i) {
    if (!seen.insert(table.published[i].cell).second) {
      add(issues, "/table/published/" + std::to_string(i), "this cell has a figure already");
    }
  }
}

}  // namespace

void check_metric(const Study& study, std::vector<Issue>& issues) {
  check_choosing_metric(study, study.metric.name, "/metric/name", issues);
  if (study.kind == StudyKind::kTrain && study.metric.goal == Goal::kMaximize) {
    add(issues, "/metric/goal", "errors and losses are minimized");
  }
}

void check_table(const Study& study, const StudyNames& names, std::vector<Issue>& issues) {
  if (!study.table) {
    return;
  }
  const Table& table = *study.table;
  check_metric_name(study, table.metric, "/table/metric", issues);
  check_axes(names, table, issues);
  if (table.select) {
    check_select(study, names, *table.select, issues);
  }
  check_cells(study, table, issues);
  if (!(table.margin >= 0) || !std::isfinite(table.margin)) {
    add(issues, "/table/margin", "must be a number of percent points from 0");
  }
}

std::vector<Issue> find_missing_cells(const Study& study) {
  std::vector<Issue> issues;
  if (!study.table) {
    return issues;
  }
  std::map<std::string, AxisValues> axes;
  for (const std::string& name : axis_names(study)) {
    axes.emplace(name, AxisValues(study, name));
  }
  for_each_cell(*study.table, [&](const Assignment& cell, const std::string& pointer) {
    for (const auto& [name, value] : cell) {
      const auto axis = axes.find(name);
      if (axis != axes.end() && !axis->second.contains(value)) {
        add(issues,
            pointer + "/" + escape_pointer(name),
            "the study has no such cell: " + name + " is never " + render_json(value));
      }
    }
  });
  return issues;
}

}  // namespace glimpse::experiments
