// Times large plans and refusals: plan_bench [CASE]. Name a case to see the peak memory of that
// case alone.
//
// Targets: a grid of a million trials in 3 s and 1 GiB; a grid of 10^12 refused in 0.1 s.

#include <chrono>
#include <cstdint>
#include <functional>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include <sys/resource.h>

#include "experiments/plan/plan.h"
#include "experiments/study_error.h"

namespace {

using namespace glimpse::experiments;

std::vector<Value> numbers(int count, double first, double step) {
  std::vector<Value> values;
  for (int i = 0; i < count; ++i) {
    values.emplace_back(first + i * step);
  }
  return values;
}

Study study_of(std::vector<Parameter> parameters) {
  Study study;
  study.name = "bench";
  study.dataset.emplace();
  study.parameters = std::move(parameters);
  return study;
}

Study million_configurations() {
  return study_of({{"batch_size", numbers(20, 10, 10)},
                   {"dropout", numbers(20, 0, 0.04)},
                   {"epochs", numbers(25, 10, 10)},
                   {"learning_rate", numbers(50, 1e-4, 1e-4)},
                   {"model", std::vector<Value>{"ffn-spn", "rnn-spn"}}});
}

Study million_trials_of_five_seeds() {
  Study study = million_configurations();
  study.parameters[3].space = numbers(10, 1e-4, 1e-4);
  study.seeds = {1, 2, 3, 4, 5};
  return study;
}

// Conditions, and a table that selects over three parameters.
Study million_candidates() {
  Study study = study_of({{"batch_size", numbers(20, 10, 10)},
                          {"downsample", numbers(10, 1, 0.25)},
                          {"dropout", numbers(20, 0, 0.04)},
                          {"learning_rate", numbers(125, 1e-4, 1e-4)},
                          {"model", std::vector<Value>{"ffn-spn", "rnn-spn"}}});
  study.seeds = {1, 2};
  study.table.emplace();
  study.table->rows = "model";
  study.table->columns = "downsample";
  study.table->select.emplace();
  study.table->select->over = {"batch_size", "dropout", "learning_rate"};
  return study;
}

Study million_draws() {
  Study study = study_of({{"dropout", Range{Distribution::kUniform, 0, 0.9}},
                          {"epochs", Range{Distribution::kIntUniform, 1, 300}},
                          {"learning_rate", Range{Distribution::kLogUniform, 1e-5, 1e-1}},
                          {"model", std::vector<Value>{"conv", "ffn-spn", "rnn-spn"}}});
  study.method = Method::kRandom;
  study.run_cap = 1'000'000;
  return study;
}

Study trillion() {
  Study study;
  study.name = "bench";
  study.kind = StudyKind::kCommand;
  study.command = {"true"};
  for (const char* name : {"a", "b", "c", "d"}) {
    study.parameters.push_back({name, numbers(1000, 0, 1)});
  }
  return study;
}

Study huge_ranges() {
  Study study = trillion();
  for (Parameter& parameter : study.parameters) {
    parameter.space = Range{Distribution::kIntUniform, -0x1p53, 0x1p53};
  }
  return study;
}

// Every value of every controlling parameter is told apart by some condition.
Study huge_controllers() {
  Study study = trillion();
  for (const char* name : {"e", "f", "g", "h"}) {
    study.parameters.push_back({name, std::vector<Value>{1.0, 2.0}});
    const std::string controller(1, static_cast<char>(name[0] - 4));
    study.when[name] = {{controller, numbers(999, 0, 1)}};
  }
  return study;
}

void run(const std::string& name, const std::function<Study()>& make) {
  const Study study = make();
  const auto start = std::chrono::steady_clock::now();
  std::string outcome;
  try {
    const Plan plan = make_plan(study, {});
    outcome = std::to_string(plan.configurations()) + " configurations, " +
              std::to_string(plan.trials.size()) + " trials";
  } catch (const StudyError& error) {
    outcome = std::string("refused: ") + error.what();
  }
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::cout << name << ": " << seconds.count() << " s, peak " << usage.ru_maxrss / 1024
            << " MiB so far, " << outcome << '\n';
}

}  // namespace

int main(int argc, char** argv) {
  const std::map<std::string, std::function<Study()>> cases = {
      {"million_configurations", million_configurations},
      {"million_trials_of_five_seeds", million_trials_of_five_seeds},
      {"million_candidates", million_candidates},
      {"million_draws", million_draws},
      {"trillion", trillion},
      {"huge_ranges", huge_ranges},
      {"huge_controllers", huge_controllers}};
  for (const auto& [name, make] : cases) {
    if (argc < 2 || name == argv[1]) {
      run(name, make);
    }
  }
  return 0;
}
