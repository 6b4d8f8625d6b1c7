#pragma once

// Small studies for tests, and ways to look at their plans.

#include <string>
#include <utility>
#include <vector>

#include "experiments/plan/plan.h"
#include "experiments/study.h"
#include "experiments/study_error.h"

namespace glimpse::experiments {

inline std::vector<Value> values(std::initializer_list<Value> list) {
  return list;
}

inline Study training(std::vector<Parameter> parameters) {
  Study study;
  study.name = "sample";
  study.dataset.emplace();
  study.parameters = std::move(parameters);
  return study;
}

inline Study command(std::vector<Parameter> parameters) {
  Study study;
  study.name = "sample";
  study.kind = StudyKind::kCommand;
  study.command = {"python3", "train.py", "--lr={lr}"};
  study.parameters = std::move(parameters);
  return study;
}

// The shipped reproduction: 27 candidates in nine cells, and 36 trials that stage one decides.
inline Study table_one() {
  Study study = training({{"downsample", values({1.0, 2.0, 3.0, 4.0})},
                          {"dropout", values({0.0, 0.2, 0.5})},
                          {"model", values({"rnn-spn", "ffn-spn", "conv"})}});
  study.seeds = {1, 2, 3, 4, 5};
  study.table.emplace();
  study.table->rows = "model";
  study.table->columns = "downsample";
  study.table->select.emplace();
  study.table->select->over = {"dropout"};
  return study;
}

inline std::vector<std::string> render_rows(const Plan& plan) {
  std::vector<std::string> rows;
  for (std::size_t i = 0; i < plan.configurations(); ++i) {
    rows.push_back(render_json(plan.assignment(i)));
  }
  return rows;
}

inline std::vector<TrialKey> keys_of(const Plan& plan) {
  std::vector<TrialKey> keys;
  for (const PlannedTrial& trial : plan.trials) {
    keys.push_back(trial.key);
  }
  return keys;
}

inline std::string render_issues(const std::vector<Issue>& issues) {
  std::string text;
  for (const Issue& issue : issues) {
    text += issue.pointer + ": " + issue.message + "\n";
  }
  return text;
}

// What make_plan() complains about, one issue a line; "" where it does not.
inline std::string plan_problems(const Study& study, const PlanInputs& inputs = {}) {
  try {
    make_plan(study, inputs);
  } catch (const StudyError& error) {
    return render_issues(error.issues());
  }
  return "";
}

}  // namespace glimpse::experiments
