#include "experiments/json/shipped_studies.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "experiments/json/study_json.h"
#include "experiments/model_facts.h"
#include "experiments/plan/plan.h"
#include "experiments/plan/plan_keys.h"

namespace glimpse::experiments {
namespace {

namespace fs = std::filesystem;

const fs::path kStudies = fs::path(GLIMPSE_SOURCE_DIR) / "experiments/studies";
const fs::path kGolden = fs::path(GLIMPSE_SOURCE_DIR) / "tests/experiments/json/golden_keys.txt";

std::string content_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Study shipped(std::string_view name) {
  return parse_study(find_shipped_study(name)->text, std::string(name) + ".json");
}

Plan plan_of(std::string_view name) {
  return make_plan(shipped(name), {});
}

TEST(ShippedStudies, AreTheFilesOfTheirFolder) {
  std::set<std::string> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(kStudies)) {
    const ShippedStudy* study = find_shipped_study(entry.path().stem().string());
    ASSERT_NE(study, nullptr) << entry.path();
    EXPECT_EQ(study->text, content_of(entry.path()));
    files.insert(entry.path().stem().string());
  }
  EXPECT_EQ(files.size(), shipped_studies().size());
  EXPECT_EQ(find_shipped_study("table2"), nullptr);
}

TEST(ShippedStudies, AreReadUnderTheirNamesInUnderTwoMilliseconds) {
  for (const ShippedStudy& study : shipped_studies()) {
    EXPECT_EQ(shipped(study.name).name, study.name);
    const auto start = std::chrono::steady_clock::now();
    const Study read = shipped(study.name);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    EXPECT_LT(took.count(), 0.02) << study.name << ": ten times the target";
    EXPECT_EQ(parse_study(print_study(read), "printed"), read);
  }
}

TEST(ShippedStudies, Table1HasTwoStages) {
  const Plan plan = plan_of("table1");
  EXPECT_EQ(plan.trials.size(), 27U) << "nine cells, three dropout rates, one seed";
  EXPECT_EQ(plan.undecided_trials, 36U) << "nine winners, four more seeds";
}

TEST(ShippedStudies, Table1HoldsThePublishedFigures) {
  const Table table = shipped("table1").table.value();
  ASSERT_EQ(table.published.size(), 9U);
  const double expected[] = {1.8, 1.5, 1.8, 2.3, 4.4, 2.0, 2.9, 5.3, 2.9};
  for (std::size_t i = 0; i < 9; ++i) {
    EXPECT_EQ(table.published[i].value, expected[i]);
    const Value& model = table.published[i].cell.at("model");
    EXPECT_EQ(model, Value(i < 4 ? "rnn-spn" : i < 8 ? "ffn-spn" : "conv"));
    if (i < 8) {
      EXPECT_EQ(table.published[i].cell.at("downsample"), Value(static_cast<double>(i % 4 + 1)));
    }
  }
  EXPECT_FALSE(table.published[8].cell.contains("downsample"));
  EXPECT_EQ(table.margin, 0.3);
}

TEST(ShippedStudies, TheOthersHaveAsManyTrialsAsTheySay) {
  EXPECT_EQ(plan_of("table1-quick").trials.size(), 21U) << "seven cells, 3 seeds";
  EXPECT_EQ(plan_of("table1-smoke").trials.size(), 3U);
  EXPECT_EQ(plan_of("downsample-dropout").trials.size(), 51U) << "17 configurations, 3 seeds";
  EXPECT_EQ(plan_of("random-search").trials.size(), 60U);
}

double flops_of(std::string_view name) {
  const Study study = shipped(name);
  const Plan plan = plan_of(name);
  double flops = 0;
  for (const PlannedTrial& trial : plan.trials) {
    const Assignment assignment = plan.assignment(trial.configuration);
    flops += trial_flops(assignment, dataset_of(study, assignment));
  }
  return flops;
}

TEST(ShippedStudies, TheSmokeStudyIsCheap) {
  // Two cores at 1e10 operations a second each need four minutes for this.
  EXPECT_LT(flops_of("table1-smoke"), 4.8e12);
}

TEST(ShippedStudies, ControlsTakeLessThanTwoMinutes) {
  for (const char* name : {"aa-left", "aa-right", "shuffled-labels"}) {
    EXPECT_EQ(plan_of(name).trials.size(), 5U) << name;
    EXPECT_LT(flops_of(name), 2.4e12) << name << ": two cores at 1e10 operations a second each";
  }
}

TEST(ShippedStudies, BothHalvesOfTheControlAreOneExperiment) {
  Study left = shipped("aa-left");
  const Study right = shipped("aa-right");
  EXPECT_NE(left.arm, right.arm);
  for (const std::uint64_t seed : left.seeds) {
    EXPECT_EQ(std::count(right.seeds.begin(), right.seeds.end(), seed), 0);
  }
  left.name = right.name;
  left.arm = right.arm;
  left.seeds = right.seeds;
  EXPECT_EQ(left, right);
}

TEST(ShippedStudies, ShuffledLabelsDifferFromTheControlInTheirLabelsAlone) {
  Study shuffled = shipped("shuffled-labels");
  EXPECT_TRUE(shuffled.dataset->shuffle_labels);
  shuffled.dataset->shuffle_labels = false;
  EXPECT_EQ(shuffled.dataset, shipped("aa-left").dataset);
  EXPECT_EQ(shuffled.parameters, shipped("aa-left").parameters);
}

// One line a trial. Whoever changes a key on purpose writes the file anew with
// GLIMPSE_UPDATE_GOLDEN=1 and says in the commit why old results are no longer found.
std::string golden_lines() {
  constexpr std::size_t kTrials = 27;
  std::string lines;
  for (const ShippedStudy& study : shipped_studies()) {
    const Plan plan = plan_of(study.name);
    for (std::size_t i = 0; i < std::min(kTrials, plan.trials.size()); ++i) {
      const PlannedTrial& trial = plan.trials[i];
      lines += std::string(study.name) + ' ' + render_json(plan.assignment(trial.configuration)) +
               " seed=" + std::to_string(trial.seed) + ' ' + trial.key.hex() + '\n';
    }
  }
  return lines;
}

TEST(ShippedStudies, KeepTheKeysOfTheirTrials) {
  if (const char* update = std::getenv("GLIMPSE_UPDATE_GOLDEN");
      update != nullptr && std::string(update) == "1") {
    std::ofstream(kGolden, std::ios::binary) << golden_lines();
  }
  EXPECT_EQ(golden_lines(), content_of(kGolden));
}

}  // namespace
}  // namespace glimpse::experiments
