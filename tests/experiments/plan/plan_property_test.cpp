// Properties that hold for every study, tried on random ones.

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <set>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "experiments/model_table.h"
#include "experiments/plan/grid_size.h"
#include "tests/experiments/study_samples.h"

namespace glimpse::experiments {
namespace {

// A study over a random part of these, each with a random part of its values.
Study random_study() {
  const std::vector<Parameter> all = {
      {"batch_size", values({50.0, 100.0})},
      {"dataset.clutter", values({"train_valid", "per_split"})},
      {"dataset.digit_side", values({6.0, 28.0})},
      {"dataset.patch_side", values({5.0, 3.0})},
      {"dataset.patches", values({0.0, 8.0})},
      {"downsample", values({1.0, 2.0, 3.0})},
      {"dropout", values({0.0, 0.2, 0.5})},
      {"filters", values({32.0, 96.0})},
      {"model", values({"rnn-spn", "ffn-spn", "conv"})},
      {"momentum", values({0.0, 0.9})},
      {"optimizer", values({"sgd", "rmsprop", "adam"})},
  };
  Study study = training({});
  for (const Parameter& parameter : all) {
    auto list = std::get<std::vector<Value>>(parameter.space);
    const auto count = *rc::gen::inRange<std::size_t>(0, list.size() + 1);
    list.resize(count);
    if (count > 0) {
      study.parameters.push_back({parameter.name, list});
    }
  }
  study.seeds.resize(*rc::gen::inRange<std::size_t>(1, 4));
  std::iota(study.seeds.begin(), study.seeds.end(), 1U);
  return study;
}

// A study whose parameters all apply somewhere, or nothing.
std::optional<Plan> try_plan(const Study& study, const PlanInputs& inputs = {}) {
  try {
    return make_plan(study, inputs);
  } catch (const StudyError&) {
    return std::nullopt;
  }
}

RC_GTEST_PROP(PlanProperty, OrderAndKeysIgnoreTheOrderOfNames, ()) {
  const Study study = random_study();
  Study shuffled = study;
  const auto seed = *rc::gen::arbitrary<unsigned>();
  for (std::size_t i = shuffled.parameters.size(); i > 1; --i) {
    std::swap(shuffled.parameters[i - 1], shuffled.parameters[(seed >> i) % i]);
  }
  const auto plan = try_plan(study);
  RC_PRE(plan.has_value());
  const auto other = try_plan(shuffled);
  RC_ASSERT(other.has_value());
  RC_ASSERT(keys_of(*plan) == keys_of(*other));
  RC_ASSERT(render_rows(*plan) == render_rows(*other));
}

RC_GTEST_PROP(PlanProperty, SetsOfKeysIgnoreTheOrderOfValues, ()) {
  const Study study = random_study();
  Study reversed = study;
  for (Parameter& parameter : reversed.parameters) {
    auto& list = std::get<std::vector<Value>>(parameter.space);
    std::reverse(list.begin(), list.end());
  }
  const auto plan = try_plan(study);
  RC_PRE(plan.has_value());
  auto keys = keys_of(*plan);
  auto others = keys_of(*try_plan(reversed));
  std::sort(keys.begin(), keys.end());
  std::sort(others.begin(), others.end());
  RC_ASSERT(keys == others);
}

RC_GTEST_PROP(PlanProperty, IsAPureFunction, ()) {
  const Study study = random_study();
  const auto plan = try_plan(study);
  RC_PRE(plan.has_value());
  RC_ASSERT(keys_of(*plan) == keys_of(*try_plan(study)));
}

RC_GTEST_PROP(PlanProperty, NamesEveryTrialOnce, ()) {
  const Study study = random_study();
  const auto plan = try_plan(study);
  RC_PRE(plan.has_value());
  const auto keys = keys_of(*plan);
  RC_ASSERT(std::set<TrialKey>(keys.begin(), keys.end()).size() == keys.size());
  RC_ASSERT(keys.size() == plan->configurations() * study.seeds.size());
}

// An independent way to the same: expand everything, let the model table resolve it, merge.
RC_GTEST_PROP(PlanProperty, AgreesWithExpandingEverything, ()) {
  Study study = random_study();
  study.seeds = {1};
  const auto plan = try_plan(study);
  RC_PRE(plan.has_value());
  std::vector<Assignment> all = {{}};
  for (const Parameter& parameter : study.parameters) {
    std::vector<Assignment> next;
    for (const Assignment& assignment : all) {
      for (const Value& value : std::get<std::vector<Value>>(parameter.space)) {
        next.push_back(assignment);
        next.back().emplace(parameter.name, value);
      }
    }
    all = std::move(next);
  }
  std::set<TrialKey> expected;
  for (const Assignment& assignment : all) {
    expected.insert(KeyMaker({.kind = "train",
                              .code_json = "1",
                              .dataset = dataset_identity(dataset_of(study, assignment), {}),
                              .arm = "",
                              .world_size = 1,
                              .parameters_json = render_json(without_defaults(assignment))})
                        .key(1));
  }
  const auto keys = keys_of(*plan);
  RC_ASSERT(std::set<TrialKey>(keys.begin(), keys.end()) == expected);
  RC_ASSERT(count_grid(study, expected.size() + 1).configurations == expected.size());
}

RC_GTEST_PROP(PlanProperty, AKeyCanBeMadeFromTheAssignmentAlone, ()) {
  const Study study = random_study();
  const auto plan = try_plan(study);
  RC_PRE(plan.has_value());
  for (const PlannedTrial& trial : plan->trials) {
    const Assignment assignment = plan->assignment(trial.configuration);
    RC_ASSERT(make_key_maker(study, assignment, {}).key(trial.seed) == trial.key);
  }
}

// Stage two follows from what stage one came to, in whatever order results arrived, and grows only.
RC_GTEST_PROP(PlanProperty, StageTwoFollowsFromHistoryAlone, ()) {
  const Study study = table_one();
  std::map<TrialKey, TrialResult> results;
  for (const TrialKey& key : keys_of(make_plan(study, {}))) {
    const auto outcome = *rc::gen::inRange(0, 10);
    if (outcome > 1) {
      results[key] = {.is_complete = outcome > 2,
                      .best = {{"valid_error", static_cast<double>(*rc::gen::inRange(0, 5))}}};
    }
  }
  const PlanInputs inputs{.history = [&](const TrialKey& key) -> std::optional<TrialResult> {
                            const auto found = results.find(key);
                            return found == results.end() ? std::nullopt
                                                          : std::optional(found->second);
                          },
                          .hash_file = {},
                          .shape_of = {}};
  const Plan plan = make_plan(study, inputs);
  RC_ASSERT(keys_of(plan) == keys_of(make_plan(study, inputs)));
  std::size_t expected = 27;
  for (const SelectionCell& cell : plan.selection) {
    expected += cell.winner ? 4 : 0;
    for (const Candidate& candidate : cell.candidates) {
      if (cell.winner && candidate.score.mean) {
        const auto winner =
            std::find_if(cell.candidates.begin(), cell.candidates.end(), [&](const auto& one) {
              return one.configuration == *cell.winner;
            });
        RC_ASSERT(*winner->score.mean <= *candidate.score.mean);
      }
    }
  }
  RC_ASSERT(plan.trials.size() == expected);
  // More results, of stage two as well, leave what was planned where it was.
  for (const PlannedTrial& trial : plan.trials) {
    if (trial.stage == 2) {
      results[trial.key] = {.is_complete = true, .best = {{"valid_error", 0.0}}};
    }
  }
  RC_ASSERT(keys_of(make_plan(study, inputs)) == keys_of(plan));
}

}  // namespace
}  // namespace glimpse::experiments
