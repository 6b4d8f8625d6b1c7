#include "experiments/table_check.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <string>
#include <string_view>

#include "experiments/parameter_lookup.h"

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

// A cell, or a group of cells where it names one axis only.
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

void check_over(const Study& study,
                const StudyNames& names,
                const std::vector<std::string>& over,
                std::vector<Issue>& issues) {
  const std::set<std::string> axes = axis_names(study);
  if (over.empty()) {
    add(issues, "/table/select/over", "name the parameters to select over");
  }
  std::set<std::string> seen;
  for (std::size_t i = 0; i < over.size(); ++i) {
    const std::string pointer = "/table/select/over/" + std::to_string(i);
    if (axes.contains(over[i])) {
      add(issues, pointer, "\"" + over[i] + "\" is an axis of the table already");
    } else if (!seen.insert(over[i]).second) {
      add(issues, pointer, "\"" + over[i] + "\" is named twice");
    } else if (!names.takes_several_values(over[i])) {
      add(issues,
          pointer,
          "\"" + over[i] + "\" takes only one value, so there is nothing to select");
    }
  }
}

void check_select(const Study& study,
                  const StudyNames& names,
                  const Selection& select,
                  std::vector<Issue>& issues) {
  check_choosing_metric(study, select.best, "/table/select/best", issues);
  check_over(study, names, select.over, issues);
  const int seeds = select.seeds;
  if (seeds < 1 || static_cast<std::size_t>(seeds) > study.seeds.size()) {
    add(issues,
        "/table/select/seeds",
        "stage one needs 1 to " + std::to_string(study.seeds.size()) +
            " seeds, as many as the study has, not " + std::to_string(seeds));
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
  for (std::size_t i = 0; i < table.published.size(); ++i) {
    check_cell(study, table.published[i].cell, "/table/published/" + std::to_string(i), issues);
  }
  for (std::size_t i = 0; i < table.claims.size(); ++i) {
    const Claim& claim = table.claims[i];
    const std::string pointer = "/table/claims/" + std::to_string(i);
    const bool is_below = claim.kind == Claim::Kind::kBelow;
    check_cell(study, claim.cell, pointer + (is_below ? "/below/0" : "/best"), issues);
    check_cell(study, claim.other, pointer + (is_below ? "/below/1" : "/among"), issues);
  }
  if (!(table.margin >= 0) || !std::isfinite(table.margin)) {
    add(issues, "/table/margin", "must be a number of percent points from 0");
  }
}

}  // namespace glimpse::experiments
