#include "experiments/study_check.h"

#include <gtest/gtest.h>

#include "experiments/plan_limits.h"
#include "experiments/table_check.h"
#include "tests/experiments/study_samples.h"

namespace glimpse::experiments {
namespace {

std::string problems(const Study& study) {
  return render_issues(check_study(study));
}

// The pointers alone, where the words do not matter.
std::string pointers(const Study& study) {
  std::string text;
  for (const Issue& issue : check_study(study)) {
    text += issue.pointer + " ";
  }
  return text;
}

TEST(CheckStudy, AcceptsSoundStudies) {
  EXPECT_EQ(problems(table_one()), "");
  EXPECT_EQ(problems(training({})), "");
  EXPECT_EQ(problems(command({{"lr", values({0.1, true, "auto"})}})), "");
}

TEST(CheckStudy, FindsUnknownNamesAndBadValues) {
  EXPECT_EQ(problems(training({{"droput", values({0.5})}})),
            "/parameters/droput: unknown parameter\n");
  EXPECT_EQ(problems(training({{"dataset.patchs", values({1.0})}})),
            "/parameters/dataset.patchs: unknown parameter\n");
  EXPECT_EQ(problems(training({{"dropout", values({0.5, 2.0})}})),
            "/parameters/dropout: must be a number from 0 to 0.95, not 2\n");
  EXPECT_EQ(problems(training({{"dataset.digits", values({0.5})}})),
            "/parameters/dataset.digits: must be a whole number from 1 to 32, not 0.5\n");
  EXPECT_EQ(pointers(command({{"dataset.patches", values({1.0})}})),
            "/parameters/dataset.patches ");
}

TEST(CheckStudy, ReportsEverythingAtOnce) {
  Study study = training({{"droput", values({0.5})}, {"epochs", values({0.0})}});
  study.seeds = {1, 1};
  study.dataset->width = 10;
  EXPECT_EQ(pointers(study), "/dataset/width /seeds /parameters/droput /parameters/epochs ");
}

TEST(CheckStudy, FindsNamesThatFitNoCommandLine) {
  EXPECT_EQ(pointers(command({{"a b", values({1.0})}})), "/parameters/a b ");
  EXPECT_EQ(pointers(command({{"a/b~", values({1.0})}})), "/parameters/a~1b~0 ");
  EXPECT_EQ(pointers(command({{"", values({1.0})}})), "/parameters/ ");
  EXPECT_EQ(pointers(command({{"seed", values({1.0})}})), "/parameters/seed ");
}

TEST(CheckStudy, FindsListsWithoutOrWithEqualValues) {
  EXPECT_EQ(problems(command({{"a", values({})}})), "/parameters/a: has no values\n");
  EXPECT_EQ(problems(command({{"a", values({1.0, 1.0})}})),
            "/parameters/a: the value 1 stands twice\n");
  EXPECT_EQ(pointers(command({{"a", values({1.0})}, {"a", values({1.0})}})), "/parameters/a ");
}

TEST(CheckStudy, WantsSeparateValuesForAGrid) {
  Study study = training({{"dropout", Range{Distribution::kUniform, 0, 0.5}}});
  EXPECT_EQ(problems(study),
            "/parameters/dropout: a grid needs separate values (give \"values\", or use method "
            "\"random\")\n");
  study.parameters = {{"epochs", Range{Distribution::kIntUniform, 1, 3}}};
  EXPECT_EQ(problems(study), "");
}

TEST(CheckStudy, ChecksRangesAgainstTheirParameter) {
  Study study = training({});
  study.method = Method::kRandom;
  study.run_cap = 1;
  const auto with = [&](const char* name, Range range) {
    study.parameters = {{name, range}};
    return problems(study);
  };
  EXPECT_EQ(with("dropout", {Distribution::kUniform, 0, 0.9}), "");
  EXPECT_EQ(with("dropout", {Distribution::kUniform, 0, 1}),
            "/parameters/dropout: must be a number from 0 to 0.95, not 1\n");
  EXPECT_EQ(with("dropout", {Distribution::kUniform, 0.5, 0.1}),
            "/parameters/dropout: \"min\" must be below \"max\"\n");
  EXPECT_EQ(with("epochs", {Distribution::kUniform, 1, 10}),
            "/parameters/epochs: takes whole numbers only: use the distribution \"int_uniform\"\n");
  EXPECT_EQ(with("dropout", {Distribution::kNormal, 0.5, 3}), "");
  EXPECT_NE(with("dropout", {Distribution::kNormal, -1, 3}), "");
  EXPECT_NE(with("model", {Distribution::kIntUniform, 1, 3}), "");
}

TEST(CheckStudy, MatchesMethodsWithWhatTheyNeed) {
  Study study = training({{"dropout", values({0.1, 0.2})}});
  study.method = Method::kRandom;
  EXPECT_EQ(pointers(study), "/run_cap ");
  study.run_cap = 0;
  EXPECT_EQ(pointers(study), "/run_cap ");
  study.run_cap = 1;
  study.method = Method::kList;
  EXPECT_EQ(pointers(study), "/points /parameters/dropout ");
  study.method = Method::kGrid;
  study.points = {{{"dropout", 0.1}}};
  EXPECT_EQ(pointers(study), "/points ");
  study.method = Method::kList;
  study.parameters.clear();
  study.points = {{{"dropout", 0.1}}, {{"droput", 0.1}, {"epochs", 0.0}}};
  EXPECT_EQ(pointers(study), "/points/1/droput /points/1/epochs ");
}

TEST(CheckStudy, WantsEveryGivenValueToBeTaken) {
  Study study = training({{"dropout", values({0.5})}});
  study.method = Method::kList;
  study.points = {{{"dropout", 0.1}}, {{"dropout", 0.2}}};
  EXPECT_EQ(problems(study),
            "/parameters/dropout: no point takes this value: each of them gives its own\n");
  study.points.push_back({});
  EXPECT_EQ(problems(study), "");
}

TEST(CheckStudy, ChecksSeeds) {
  Study study = training({});
  study.seeds = {};
  EXPECT_EQ(pointers(study), "/seeds ");
  study.seeds = {std::uint64_t{1} << 53};
  EXPECT_EQ(pointers(study), "/seeds ");
}

TEST(CheckStudy, ChecksConditions) {
  Study study = training({{"dropout", values({0.5})}});
  study.when = {{"dropout", {{"model", {"rnn"}}}}, {"epochs", {{"modl", {"conv"}}}}};
  EXPECT_EQ(pointers(study), "/when/dropout/model /when/epochs /when/epochs/modl ");
  study.when = {{"dropout", {{"model", {}}}}};
  EXPECT_EQ(pointers(study), "/when/dropout/model ");
  study.when = {{"dropout", {{"dropout", {0.5}}}}};
  EXPECT_EQ(problems(study), "/when: conditions depend on each other in a circle\n");
  study = training({{"model", values({"conv"})}});
  study.when = {{"model", {{"downsample", {1.0}}}}};
  EXPECT_EQ(pointers(study), "/when ");
}

TEST(CheckStudy, ChecksExcludes) {
  Study study = training({{"dropout", values({0.5})}});
  study.exclude = {{}, {{"droput", 0.5}}, {{"dropout", 3.0}}};
  EXPECT_EQ(pointers(study), "/exclude/0 /exclude/1/droput /exclude/2/dropout ");
  study.exclude.assign(kMaxExcludes + 1, {{"dropout", 0.5}});
  EXPECT_EQ(pointers(study), "/exclude ");
}

TEST(CheckStudy, NeverChoosesByATestMetric) {
  Study study = table_one();
  study.table->select->best = "test_error";
  EXPECT_EQ(problems(study),
            "/table/select/best: \"test_error\" is measured on the test split, which must not "
            "choose anything (use a validation metric, such as \"valid_error\")\n");
  study = table_one();
  study.metric.name = "test_sequence_error";
  EXPECT_EQ(pointers(study), "/metric/name ");
  study.metric = {"valid_eror", Goal::kMaximize};
  EXPECT_EQ(pointers(study), "/metric/name /metric/goal ");
  study = command({{"a", values({1.0, 2.0})}, {"b", values({1.0})}});
  study.table.emplace();
  study.table->rows = "b";
  study.table->select = Selection{"test_loss", {"a"}, 1};
  study.metric.name = "test_loss";
  EXPECT_EQ(pointers(study), "/metric/name /table/select/best ");
}

TEST(CheckStudy, ChoosesByAMetricWhoseGoalIsKnown) {
  Study study = command({{"a", values({1.0, 2.0})}, {"b", values({1.0, 2.0})}});
  study.metric = {"accuracy", Goal::kMaximize};
  study.table.emplace();
  study.table->rows = "b";
  study.table->select = Selection{"loss", {"a"}, 1};
  EXPECT_EQ(problems(study),
            "/table/select/best: must be \"accuracy\", the metric of the study: of no other is it "
            "known whether small values are good\n");
  study.table->select->best = "accuracy";
  EXPECT_EQ(problems(study), "");
  study = table_one();
  study.table->select->best = "valid_sequence_error";
  EXPECT_EQ(problems(study), "");
}

TEST(CheckStudy, ChecksTheTablesNames) {
  Study study = table_one();
  study.table->rows = "modl";
  study.table->columns = "";
  EXPECT_EQ(problems(study), "/table/rows: \"modl\" is no parameter of this study\n");
  study.table->rows = "";
  EXPECT_EQ(pointers(study), "/table/rows ");
  study.table->rows = study.table->columns = "model";
  EXPECT_EQ(pointers(study), "/table/columns ");
  study = table_one();
  study.table->metric = "error";
  EXPECT_EQ(pointers(study), "/table/metric ");
  study.table->metric = "test_error";
  study.table->margin = -1;
  EXPECT_EQ(pointers(study), "/table/margin ");
}

TEST(CheckStudy, ChecksWhatIsSelectedOver) {
  Study study = table_one();
  study.table->select->over = {};
  EXPECT_EQ(pointers(study), "/table/select/over ");
  study.table->select->over = {"model", "epoch", "dropout", "dropout", "epochs"};
  EXPECT_EQ(pointers(study), "/table/select/over/0 /table/select/over/1 /table/select/over/3 ");
  study.table->select->over = {"epochs"};
  EXPECT_EQ(problems(study),
            "/table/select/over: none of these takes more than one value, so there is nothing to "
            "select\n");
  study = table_one();
  study.table->select->seeds = 6;
  EXPECT_EQ(pointers(study), "/table/select/seeds ");
  study.table->select->seeds = 5;
  EXPECT_EQ(pointers(study), "");
}

TEST(CheckStudy, ChecksPublishedCellsAndClaims) {
  Study study = table_one();
  study.table->published = {{{{"model", "conv"}}, 2.9},
                            {{{"model", "rnn"}, {"dropout", 0.1}}, 1.5}};
  study.table->claims = {{Claim::Kind::kBelow, {{"model", "conv"}}, {{"epochs", 1.0}}},
                         {Claim::Kind::kBest, {{"downsample", 0.0}}, {{"model", "rnn-spn"}}}};
  EXPECT_EQ(pointers(study),
            "/table/published/1/dropout /table/published/1/model /table/claims/0/below/1/epochs "
            "/table/claims/1/best/downsample ");
}

TEST(CheckStudy, FindsCellsThatTheStudyNeverHas) {
  Study study = table_one();
  study.table->published = {{{{"model", "conv"}}, 2.9},
                            {{{"model", "conv"}, {"downsample", 5.0}}, 2.9},
                            {{{"model", "conv"}}, 3.0}};
  study.table->claims = {{Claim::Kind::kBelow, {{"model", "conv"}}, {{"downsample", 1.5}}}};
  EXPECT_EQ(problems(study), "/table/published/2: this cell has a figure already\n");
  EXPECT_EQ(render_issues(find_missing_cells(study)),
            "/table/published/1/downsample: the study has no such cell: downsample is never 5\n"
            "/table/claims/0/below/1/downsample: the study has no such cell: downsample is never "
            "1.5\n");
}

TEST(CheckStudy, ContinuesNoCommand) {
  Study study = command({});
  study.continue_from = "short";
  EXPECT_EQ(problems(study), "/continue_from: a command's runs cannot be continued\n");
}

TEST(CheckStudy, ChecksWhatAKindNeeds) {
  Study study = training({});
  study.dataset.reset();
  study.command = {"true"};
  EXPECT_EQ(pointers(study), "/command /dataset ");
  study = command({});
  study.command.clear();
  study.resources.members = 0;
  EXPECT_EQ(pointers(study), "/command /resources/members ");
}

TEST(CheckStudy, LimitsHowMuchAPlanLooksAt) {
  Study study = command({});
  for (std::uint64_t i = 0; i <= kMaxParameters; ++i) {
    study.parameters.push_back({"p" + std::to_string(i), values({1.0})});
  }
  EXPECT_EQ(pointers(study), "/parameters ");
}

}  // namespace
}  // namespace glimpse::experiments
