#include "experiments/plan/selection.h"

#include <cmath>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "tests/experiments/study_samples.h"

namespace glimpse::experiments {
namespace {

using Results = std::map<TrialKey, TrialResult>;

PlanInputs inputs_with(const Results& results) {
  return {.history = [&results](const TrialKey& key) -> std::optional<TrialResult> {
            const auto found = results.find(key);
            return found == results.end() ? std::nullopt : std::optional(found->second);
          },
          .hash_file = {},
          .shape_of = {}};
}

TrialResult completed(double error) {
  return {.is_complete = true, .best = {{"valid_error", error}, {"test_error", 100 - error}}};
}

double number(const Plan& plan, const PlannedTrial& trial, const char* name) {
  return std::get<double>(plan.assignment(trial.configuration).at(name));
}

std::set<std::pair<std::string, std::uint64_t>> stage_two(const Plan& plan) {
  std::set<std::pair<std::string, std::uint64_t>> trials;
  for (const PlannedTrial& trial : plan.trials) {
    if (trial.stage == 2) {
      trials.emplace(render_json(plan.assignment(trial.configuration)), trial.seed);
    }
  }
  return trials;
}

// Every candidate's error is its distance from a dropout of 0.2.
Results run_stage_one(const Plan& plan) {
  Results results;
  for (const PlannedTrial& trial : plan.trials) {
    results[trial.key] = completed(std::abs(number(plan, trial, "dropout") - 0.2));
  }
  return results;
}

TEST(Selection, PlansTableOneInTwoStages) {
  const Plan first = make_plan(table_one(), {});
  EXPECT_EQ(first.configurations(), 27U);
  EXPECT_EQ(first.trials.size(), 27U);
  EXPECT_EQ(first.undecided_trials, 36U);
  EXPECT_EQ(first.selection.size(), 9U);
  for (const PlannedTrial& trial : first.trials) {
    EXPECT_EQ(trial.seed, 1U);
    EXPECT_EQ(trial.stage, 1U);
  }
  const Results results = run_stage_one(first);
  const Plan second = make_plan(table_one(), inputs_with(results));
  EXPECT_EQ(second.trials.size(), 63U);
  EXPECT_EQ(second.undecided_trials, 0U);
  for (std::size_t i = 0; i < second.trials.size(); ++i) {
    EXPECT_EQ(second.trials[i].stage, i < 27 ? 1U : 2U);
  }
  const auto rest = stage_two(second);
  EXPECT_EQ(rest.size(), 36U);
  for (const auto& [configuration, seed] : rest) {
    EXPECT_NE(configuration.find(R"("dropout":0.2)"), std::string::npos) << configuration;
    EXPECT_GE(seed, 2U);
  }
}

TEST(Selection, DecidesEachCellByItself) {
  const Plan first = make_plan(table_one(), {});
  Results results = run_stage_one(first);
  std::erase_if(results, [&](const auto& entry) { return entry.first == first.trials[0].key; });
  const Plan second = make_plan(table_one(), inputs_with(results));
  EXPECT_EQ(second.undecided_trials, 4U);
  EXPECT_EQ(stage_two(second).size(), 32U);
}

TEST(Selection, GivesTiesToTheSmallerValue) {
  Study study = table_one();
  study.parameters[1].space = values({0.5, 0.2, 0.0});  // given from large to small
  const Plan first = make_plan(study, {});
  Results results;
  for (const PlannedTrial& trial : first.trials) {
    results[trial.key] = completed(number(first, trial, "dropout") > 0.3 ? 2 : 1);
  }
  const Plan second = make_plan(study, inputs_with(results));
  for (const auto& [configuration, seed] : stage_two(second)) {
    EXPECT_NE(configuration.find(R"("dropout":0,)"), std::string::npos) << configuration;
  }
}

TEST(Selection, PassesOverCandidatesThatDivergedOrFailed) {
  const Plan first = make_plan(table_one(), {});
  Results results = run_stage_one(first);
  for (const PlannedTrial& trial : first.trials) {
    if (number(first, trial, "dropout") == 0.2) {
      results[trial.key].is_complete = false;
    } else if (number(first, trial, "dropout") == 0.0) {
      results[trial.key].best.clear();
    }
  }
  const Plan second = make_plan(table_one(), inputs_with(results));
  EXPECT_EQ(second.undecided_trials, 0U);
  for (const auto& [configuration, seed] : stage_two(second)) {
    EXPECT_NE(configuration.find(R"("dropout":0.5)"), std::string::npos) << configuration;
  }
}

TEST(Selection, LeavesACellWithoutAnySurvivorAsItIs) {
  const Plan first = make_plan(table_one(), {});
  Results results;
  for (const PlannedTrial& trial : first.trials) {
    results[trial.key] = {};
  }
  const Plan second = make_plan(table_one(), inputs_with(results));
  EXPECT_EQ(second.trials.size(), 27U);
  EXPECT_EQ(second.undecided_trials, 0U);
  EXPECT_TRUE(second.selection.front().is_decided);
  EXPECT_FALSE(second.selection.front().winner);
}

TEST(Selection, AveragesSeveralSeeds) {
  Study study = table_one();
  study.table->select->seeds = 2;
  const Plan first = make_plan(study, {});
  EXPECT_EQ(first.trials.size(), 54U);
  EXPECT_EQ(first.undecided_trials, 27U);
  Results results;
  for (const PlannedTrial& trial : first.trials) {
    // Best on the first seed is 0, best on average 0.5.
    const double dropout = number(first, trial, "dropout");
    results[trial.key] = completed(trial.seed == 1 ? dropout : 4 * (1 - dropout));
  }
  const Plan second = make_plan(study, inputs_with(results));
  for (const auto& [configuration, seed] : stage_two(second)) {
    EXPECT_NE(configuration.find(R"("dropout":0.5)"), std::string::npos) << configuration;
    EXPECT_GE(seed, 3U);
  }
}

TEST(Selection, ObeysTheGoal) {
  Study study = command({{"lr", values({0.1, 0.2})}, {"net", values({"a", "b"})}});
  study.metric = {"score", Goal::kMaximize};
  study.seeds = {1, 2};
  study.table.emplace();
  study.table->metric = "test_score";
  study.table->rows = "net";
  study.table->select = Selection{"score", {"lr"}, 1};
  const Plan first = make_plan(study, {});
  Results results;
  for (const PlannedTrial& trial : first.trials) {
    results[trial.key] = {true, {{"score", number(first, trial, "lr")}}};
  }
  for (const auto& [configuration, seed] : stage_two(make_plan(study, inputs_with(results)))) {
    EXPECT_NE(configuration.find(R"("lr":0.2)"), std::string::npos) << configuration;
  }
}

TEST(Selection, RunsALoneCandidateWithoutWaiting) {
  Study study = table_one();
  study.when = {{"dropout", {{"model", {"rnn-spn", "ffn-spn"}}}}};
  const Plan plan = make_plan(study, {});
  EXPECT_EQ(plan.configurations(), 25U);
  EXPECT_EQ(plan.undecided_trials, 32U);
  EXPECT_EQ(stage_two(plan),
            (std::set<std::pair<std::string, std::uint64_t>>{{R"({"model":"conv"})", 2},
                                                             {R"({"model":"conv"})", 3},
                                                             {R"({"model":"conv"})", 4},
                                                             {R"({"model":"conv"})", 5}}));
}

TEST(Selection, CountsADefaultAsTheCellItNames) {
  Study study = training({});
  study.method = Method::kList;
  study.seeds = {1, 2};
  study.points = {{{"downsample", 3.0}, {"dropout", 0.5}}, {{"dropout", 0.0}}};
  study.table.emplace();
  study.table->rows = "downsample";
  study.table->select.emplace();
  study.table->select->over = {"dropout"};
  EXPECT_EQ(make_plan(study, {}).selection.size(), 1U);
}

TEST(Selection, RefusesCellsOfSeveralConfigurations) {
  Study study = table_one();
  study.parameters.push_back({"learning_rate", values({1e-3, 1e-4})});
  EXPECT_EQ(plan_problems(study),
            "/parameters/learning_rate: takes several values within one cell of the table (make it "
            "rows or columns, or select over it)\n");
  study.table->select->over.emplace_back("learning_rate");
  EXPECT_EQ(plan_problems(study), "");
}

// beta1 has one value and applies to one of the two optimizers: there is nothing else to choose.
TEST(Selection, TakesWhatDoesNotApplyForNoOtherValue) {
  Study study = training({{"beta1", values({0.8})},
                          {"model", values({"conv", "rnn-spn"})},
                          {"optimizer", values({"adam", "sgd"})}});
  study.table.emplace();
  study.table->rows = "model";
  study.table->select = Selection{"valid_error", {"optimizer"}, 1};
  const Plan plan = make_plan(study, {});
  ASSERT_EQ(plan.selection.size(), 2U);
  EXPECT_EQ(plan.selection[0].candidates.size(), 2U);
  study.table->select->over = {"optimizer", "beta1"};
  EXPECT_EQ(make_plan(study, {}).selection.size(), 2U);
  study.table->select->over = {"optimizer"};
  study.parameters[0].space = values({0.8, 0.9});
  EXPECT_EQ(plan_problems(study),
            "/parameters/beta1: takes several values within one cell of the table (make it rows or "
            "columns, or select over it)\n");
}

TEST(Score, KnowsNothingWithoutAHistory) {
  EXPECT_EQ(score_of({}, {TrialKey{}}, "valid_error"), Score{});
}

}  // namespace
}  // namespace glimpse::experiments
