#include "experiments/plan/plan.h"

#include <gtest/gtest.h>

#include "experiments/hash/sha256.h"
#include "experiments/model_table.h"
#include "tests/experiments/study_samples.h"

namespace glimpse::experiments {
namespace {

TEST(Plan, OrdersAGridByNamesAndValuesAsGiven) {
  const Plan plan = make_plan(command({{"b", values({"y", "x"})}, {"a", values({2.0, 1.0})}}), {});
  EXPECT_EQ(
      render_rows(plan),
      (std::vector<std::string>{
          R"({"a":2,"b":"y"})", R"({"a":2,"b":"x"})", R"({"a":1,"b":"y"})", R"({"a":1,"b":"x"})"}));
}

TEST(Plan, OrdersAGridByNamesEvenWhereALaterOneDecides) {
  const Plan plan = make_plan(
      training({{"downsample", values({2.0, 1.0})}, {"model", values({"conv", "rnn-spn"})}}), {});
  EXPECT_EQ(render_rows(plan),
            (std::vector<std::string>{R"({"downsample":2,"model":"rnn-spn"})",
                                      R"({"downsample":1,"model":"rnn-spn"})",
                                      R"({"model":"conv"})"}));
}

TEST(Plan, RunsEverySeedOfAConfigurationInTheOrderGiven) {
  Study study = command({{"a", values({1.0, 2.0})}});
  study.seeds = {7, 3};
  const Plan plan = make_plan(study, {});
  ASSERT_EQ(plan.trials.size(), 4U);
  EXPECT_EQ(plan.trials[0].seed, 7U);
  EXPECT_EQ(plan.trials[1].seed, 3U);
  EXPECT_EQ(plan.trials[1].configuration, 0U);
  EXPECT_EQ(plan.trials[2].configuration, 1U);
}

TEST(Plan, PlansOneConfigurationWithoutParameters) {
  const Plan plan = make_plan(training({}), {});
  EXPECT_EQ(render_rows(plan), (std::vector<std::string>{"{}"}));
  EXPECT_EQ(plan.trials.size(), 1U);
}

TEST(Plan, MakesAKeyOfWhatDiffersFromTheDefaults) {
  Study study = training({{"dropout", values({0.0, 0.5})},
                          {"epochs", values({300.0})},
                          {"model", values({"conv"})},
                          {"dataset.patches", values({0.0})}});
  study.arm = "b";
  study.resources.members = 2;
  const Plan plan = make_plan(study, {});
  KeyFacts facts{.kind = "train",
                 .code_json = "1",
                 .dataset = dataset_identity({.patches = 0}, {}),
                 .arm = "b",
                 .world_size = 2,
                 .parameters_json = R"({"model":"conv"})"};
  EXPECT_EQ(plan.trials[0].key, KeyMaker(facts).key(1));
  facts.parameters_json = R"({"dropout":0.5,"model":"conv"})";
  EXPECT_EQ(plan.trials[1].key, KeyMaker(facts).key(1));
  // What a study says stays visible, default or not.
  EXPECT_EQ(render_rows(plan)[0],
            R"({"dataset.patches":0,"dropout":0,"epochs":300,"model":"conv"})");
}

TEST(Plan, GivesEqualKeysToAValueSweptAndAValueGiven) {
  Study swept = training({{"dataset.patches", values({0.0, 8.0})}});
  Study given = training({});
  EXPECT_EQ(keys_of(make_plan(swept, {}))[1], keys_of(make_plan(given, {}))[0]);
  given.dataset->patches = 0;
  EXPECT_EQ(keys_of(make_plan(swept, {}))[0], keys_of(make_plan(given, {}))[0]);
}

TEST(Plan, LetsPatchesFollowSweptDigits) {
  const Study study =
      training({{"dataset.digit_side", values({8.0, 28.0})}, {"model", values({"conv"})}});
  EXPECT_EQ(dataset_of(study, {{"dataset.digit_side", 8.0}}).patch_side, 7);
  EXPECT_EQ(plan_problems(study), "");
}

TEST(Plan, MergesPointsThatAreTheSameTrial) {
  Study study = training({{"model", values({"conv"})}});
  study.method = Method::kList;
  study.points = {{{"dropout", 0.5}},
                  {},
                  {{"dropout", 0.0}},
                  {{"dropout", 0.5}, {"momentum", 0.9}},
                  {{"model", "rnn-spn"}, {"optimizer", "sgd"}, {"momentum", 0.9}}};
  EXPECT_EQ(render_rows(make_plan(study, {})),
            (std::vector<std::string>{R"({"dropout":0.5,"model":"conv"})",
                                      R"({"model":"conv"})",
                                      R"({"model":"rnn-spn","momentum":0.9,"optimizer":"sgd"})"}));
}

TEST(Plan, DropsWhatIsExcludedAfterRemovingWhatDoesNotApply) {
  Study study = table_one();
  study.table.reset();
  study.exclude = {{{"model", "ffn-spn"}, {"dropout", 0.5}}, {{"downsample", 1.0}}};
  // 27 less 4, less 3 + 3, of which one is excluded twice; the conv net has no downsample.
  EXPECT_EQ(make_plan(study, {}).configurations(), 27U - 4 - 6 + 1);
  study.exclude = {{{"model", "conv"}, {"downsample", 1.0}}};
  EXPECT_EQ(plan_problems(study), "/exclude/0: matches no configuration of this study\n");
}

TEST(Plan, ComparesExcludesWithDefaultsToo) {
  Study study = training({{"model", values({"rnn-spn", "conv"})}});
  study.exclude = {{{"hidden", 256.0}}};
  EXPECT_EQ(render_rows(make_plan(study, {})), (std::vector<std::string>{R"({"model":"conv"})"}));
  study.exclude = {{{"dropout", 0.0}}};
  EXPECT_EQ(plan_problems(study), "/exclude: leaves no configuration to run\n");
}

TEST(Plan, RefusesParametersThatApplyNowhere) {
  Study study = training({{"model", values({"conv"})}, {"downsample", values({1.0, 2.0})}});
  EXPECT_EQ(plan_problems(study),
            "/parameters/downsample: applies to no configuration of this study\n");
  study = training({{"dropout", values({0.1})}, {"epochs", values({1.0, 2.0})}});
  study.when = {{"dropout", {{"epochs", {3.0}}}}};
  EXPECT_EQ(plan_problems(study),
            "/parameters/dropout: applies to no configuration of this study\n");
}

// The side of patches follows the digits', so the third point says only what holds for the second.
TEST(Plan, ExcludesByWhatADatasetComesTo) {
  Study study = training({{"model", values({"conv"})}});
  study.method = Method::kList;
  study.points = {{{"dataset.digit_side", 28.0}},
                  {{"dataset.digit_side", 6.0}},
                  {{"dataset.digit_side", 6.0}, {"dataset.patch_side", 5.0}}};
  EXPECT_EQ(make_plan(study, {}).configurations(), 2U);
  study.exclude = {{{"dataset.patch_side", 5.0}}};
  EXPECT_EQ(render_rows(make_plan(study, {})),
            (std::vector<std::string>{R"({"dataset.digit_side":28,"model":"conv"})"}));
}

TEST(Plan, DropsValuesOfPatchesThatAreNotThere) {
  Study study = training({{"dataset.clutter", values({"train_valid", "per_split"})},
                          {"dataset.patch_side", values({5.0, 9.0})},
                          {"dataset.patches", values({0.0, 8.0})},
                          {"model", values({"conv"})}});
  const Plan plan = make_plan(study, {});
  ASSERT_EQ(plan.configurations(), 5U);
  EXPECT_EQ(render_rows(plan).back(), R"({"dataset.patches":0,"model":"conv"})");
  study.exclude = {{{"dataset.patch_side", 5.0}}};
  EXPECT_EQ(make_plan(study, {}).configurations(), 3U);
  study.exclude.clear();
  study.parameters[2].space = values({0.0});
  EXPECT_EQ(plan_problems(study),
            "/parameters/dataset.clutter: applies to no configuration of this study\n"
            "/parameters/dataset.patch_side: applies to no configuration of this study\n");
}

TEST(Plan, RefusesCropsTooSmallForTheirModel) {
  Study study =
      training({{"downsample", values({2.0, 4.0})}, {"model", values({"rnn-spn", "conv"})}});
  study.dataset->digits = 2;
  study.dataset->width = 60;
  study.dataset->height = 60;
  EXPECT_EQ(plan_problems(study),
            "/parameters/downsample: downsample 4 leaves glimpses of 15x15 pixels on images of "
            "60x60, and the classifier needs 18x18 (use a downsample of at most 3.33, or images of "
            "at least 72 pixels a side)\n");
  study.exclude = {{{"downsample", 4.0}}};
  EXPECT_EQ(plan_problems(study), "");
}

TEST(Plan, RefusesBatchesThatCannotBeFilledOrShared) {
  Study study = training({{"batch_size", values({8.0, 50.0})}, {"model", values({"conv"})}});
  study.dataset->train = 20;
  study.resources.members = 16;
  EXPECT_EQ(plan_problems(study),
            "/resources/members: 16 members cannot share batches of 8 images (use fewer members or "
            "a larger batch_size)\n"
            "/parameters/batch_size: batches of 50 images are larger than the 20 training images "
            "(use a smaller batch_size or more images)\n");
  study = training({});
  study.dataset->train = 99;
  EXPECT_EQ(plan_problems(study),
            "/dataset/train: batches of 100 images are larger than the 99 training images (use a "
            "smaller batch_size or more images)\n");
}

TEST(Plan, PointsAtSweptDatasetValuesThatDoNotFit) {
  Study study = training({{"dataset.digits", values({3.0, 4.0})}, {"model", values({"conv"})}});
  EXPECT_EQ(plan_problems(study),
            "/dataset/width: 4 digits of side 28 need a width of at least 112, not 100\n");
  study.parameters.push_back({"dataset.width", values({80.0})});
  const std::string problems = plan_problems(study);
  EXPECT_NE(problems.find("/parameters/dataset.width: 3 digits"), std::string::npos) << problems;
}

TEST(Plan, ListsAFewOfManyIssues) {
  Study study = training({{"dataset.width", Range{Distribution::kIntUniform, 8, 80}}});
  EXPECT_NE(plan_problems(study).find(": and 53 more"), std::string::npos);
}

TEST(Plan, AsksImportedFilesForTheirShape) {
  Study study = training({{"downsample", values({4.0})}});
  study.dataset->file = "digits.h5";
  PlanInputs inputs{.history = {},
                    .hash_file = [](const std::string&) { return std::string(64, 'f'); },
                    .shape_of = {}};
  EXPECT_EQ(plan_problems(study, inputs), "");
  inputs.shape_of = [](const std::string& path) {
    EXPECT_EQ(path, "digits.h5");
    return ImageShape{.width = 60, .height = 60, .digits = 1};
  };
  EXPECT_NE(plan_problems(study, inputs), "");
  inputs.hash_file = {};
  inputs.shape_of = {};
  EXPECT_EQ(plan_problems(study, inputs),
            "/dataset/file: cannot read \"digits.h5\" (no such file?)\n");
}

TEST(Plan, CapsConfigurationsAndKeepsTheirSeedsTogether) {
  Study study = command({{"a", Range{Distribution::kIntUniform, 1, 10}}});
  study.seeds = {1, 2, 3};
  study.run_cap = 4;
  const Plan plan = make_plan(study, {});
  EXPECT_EQ(plan.configurations(), 4U);
  EXPECT_EQ(plan.trials.size(), 12U);
  EXPECT_EQ(render_rows(plan).back(), R"({"a":4})");
}

TEST(Plan, KeysCommandsByTextAndFiles) {
  const auto hash = [](const std::string& path) {
    return path == "train.py" ? std::string(64, 'a') : std::string();
  };
  const Study study = command({{"lr", values({0.1})}});
  const std::string code = R"({"command":["python3","train.py","--lr={lr}"],"files":[")" +
                           std::string(64, 'a') + R"("]})";
  const KeyMaker expected({.kind = "command",
                           .code_json = '"' + hex(sha256(code)) + '"',
                           .dataset = "",
                           .arm = "",
                           .world_size = 1,
                           .parameters_json = R"({"lr":0.1})"});
  const PlanInputs inputs{.history = {}, .hash_file = hash, .shape_of = {}};
  EXPECT_EQ(make_plan(study, inputs).trials[0].key, expected.key(1));
  EXPECT_NE(make_plan(study, {}).trials[0].key, expected.key(1));
}

TEST(Plan, RefusesListedCodeThatIsNotThere) {
  Study study = command({});
  study.code_files = {{"train.py", "model.py"}};
  const PlanInputs inputs{
      .history = {},
      .hash_file = [](const std::string& path) { return path == "train.py" ? "ab" : ""; },
      .shape_of = {}};
  EXPECT_EQ(plan_problems(study, inputs), "/code/1: cannot read \"model.py\" (no such file?)\n");
}

TEST(Plan, RefusesMoreTrialsThanItCanHold) {
  Study study = command({{"a", Range{Distribution::kIntUniform, 1, 2000}}});
  study.seeds.clear();
  for (std::uint64_t seed = 1; seed <= 10000; ++seed) {
    study.seeds.push_back(seed);
  }
  EXPECT_EQ(plan_problems(study),
            "/seeds: 2000 configurations of 10000 seeds are more trials than the 10000000 of a "
            "plan\n");
}

TEST(Plan, DrawsRandomConfigurationsThatOtherParametersDoNotShift) {
  Study study = training({{"dropout", Range{Distribution::kUniform, 0, 0.5}},
                          {"learning_rate", Range{Distribution::kLogUniform, 1e-5, 1e-2}}});
  study.method = Method::kRandom;
  study.run_cap = 20;
  const Plan plan = make_plan(study, {});
  ASSERT_EQ(plan.configurations(), 20U);
  Study fewer = study;
  fewer.parameters.erase(fewer.parameters.begin());
  fewer.run_cap = 10;
  const Plan part = make_plan(fewer, {});
  for (std::size_t i = 0; i < 10; ++i) {
    EXPECT_EQ(part.assignment(i).at("learning_rate"), plan.assignment(i).at("learning_rate"));
  }
  study.seed = 2;
  EXPECT_NE(render_rows(make_plan(study, {})), render_rows(plan));
}

// Worked out with an independent Python program from the published generator. A study that is run
// again must draw what it drew before.
TEST(Plan, DrawsTheSameOnEveryMachine) {
  Study study = training({{"batch_size", Range{Distribution::kIntUniform, 10, 500}},
                          {"dropout", Range{Distribution::kUniform, 0, 0.5}},
                          {"learning_rate", Range{Distribution::kLogUniform, 1e-5, 1e-2}},
                          {"norm_limit", Range{Distribution::kNormal, 5, 1}}});
  study.method = Method::kRandom;
  study.run_cap = 1;
  EXPECT_EQ(
      render_rows(make_plan(study, {})).front(),
      R"({"batch_size":489,"dropout":0.163033392,"learning_rate":0.000352670886,"norm_limit":5.63839566})");
}

TEST(Plan, RedrawsNormalsThatDoNotFit) {
  Study study = training({{"dropout", Range{Distribution::kNormal, 0.05, 0.5}}});
  study.method = Method::kRandom;
  study.run_cap = 200;
  for (const std::string& row : render_rows(make_plan(study, {}))) {
    EXPECT_EQ(row.find('-'), std::string::npos) << row;
  }
}

TEST(Plan, RefusesNormalsThatHardlyEverFit) {
  Study study = training({{"dropout", Range{Distribution::kNormal, 0.05, 2000}}});
  study.method = Method::kRandom;
  study.run_cap = 50'000;
  const std::string problems = plan_problems(study);
  EXPECT_NE(problems.find("/parameters/dropout: more than nine draws in ten are of no use: it must "
                          "be a number from 0 to 0.95"),
            std::string::npos)
      << problems;
}

TEST(Plan, ForgivesARandomSearchThatMissesACondition) {
  Study study = training({{"momentum", values({0.9})}, {"optimizer", values({"sgd", "adam"})}});
  study.method = Method::kRandom;
  study.run_cap = 1;
  for (study.seed = 0; study.seed < 20; ++study.seed) {
    EXPECT_EQ(plan_problems(study), "");
  }
  study.parameters[1].space = values({"adam", "adamw"});
  EXPECT_EQ(plan_problems(study),
            "/parameters/momentum: applies to no configuration of this study\n");
}

}  // namespace
}  // namespace glimpse::experiments
