#include "reports/export/optuna_space.h"

#include <gtest/gtest.h>

namespace glimpse::reports {
namespace {

using experiments::Assignment;
using experiments::Distribution;
using experiments::Range;
using experiments::Space;
using experiments::Study;
using experiments::Value;

OptunaSpace space_of(const Space& space, const std::vector<Value>& values) {
  Study study;
  study.parameters = {{"p", space}};
  std::vector<RunFacts> runs;
  runs.reserve(values.size());
  for (const Value& value : values) {
    runs.push_back({.parameters = {{"p", value}}});
  }
  return {study, runs};
}

std::string distribution_of(const Space& space, const std::vector<Value>& values) {
  return space_of(space, values).distribution("p");
}

std::string range_text(const std::string& name,
                       const std::string& log,
                       const std::string& step,
                       const std::string& ends) {
  return R"({"name":")" + name + R"(","attributes":{"log":)" + log + R"(,"step":)" + step + "," +
         ends + "}}";
}

std::string choices_text(const std::string& choices) {
  return R"({"name":"CategoricalDistribution","attributes":{"choices":[)" + choices + "]}}";
}

TEST(OptunaSpace, TellsRangesByTheirEnds) {
  EXPECT_EQ(distribution_of(Range{Distribution::kUniform, 0, 1}, {0.25}),
            range_text("FloatDistribution", "false", "null", R"("low":0,"high":1)"));
  EXPECT_EQ(distribution_of(Range{Distribution::kLogUniform, 0.0001, 0.1}, {0.001}),
            range_text("FloatDistribution", "true", "null", R"("low":0.0001,"high":0.1)"));
  EXPECT_EQ(distribution_of(Range{Distribution::kIntUniform, 1, 9}, {3.0}),
            range_text("IntDistribution", "false", "1", R"("low":1,"high":9)"));
}

TEST(OptunaSpace, IsAsWideAsWhatWasDrawnWhereARangeHasNoEnds) {
  EXPECT_EQ(distribution_of(Range{Distribution::kNormal, 0, 1}, {0.5, -2.0, 1.5}),
            range_text("FloatDistribution", "false", "null", R"("low":-2,"high":1.5)"));
}

TEST(OptunaSpace, HoldsEveryValueThatARunHas) {
  EXPECT_EQ(distribution_of(Range{Distribution::kIntUniform, 1, 9}, {12.0, 0.0}),
            range_text("IntDistribution", "false", "1", R"("low":0,"high":12)"));
  EXPECT_EQ(distribution_of(Range{Distribution::kIntUniform, 1, 9}, {2.5}),
            range_text("FloatDistribution", "false", "null", R"("low":1,"high":9)"));
  EXPECT_EQ(distribution_of(Range{Distribution::kLogUniform, 0.1, 1}, {-1.0}),
            range_text("FloatDistribution", "false", "null", R"("low":-1,"high":1)"));
  EXPECT_EQ(distribution_of(std::vector<Value>{1.0, 2.0}, {3.0, 1.0}), choices_text("1,2,3"));
  EXPECT_EQ(distribution_of(Range{Distribution::kUniform, 0, 1}, {std::string("none"), 0.5}),
            choices_text(R"(0.5,"none")"));
}

TEST(OptunaSpace, CallsChoicesByTheirPlaces) {
  const std::vector<Value> values = {std::string("rnn"), true, 1.0, std::string("../x")};
  const OptunaSpace space = space_of(values, {true});
  EXPECT_EQ(space.distribution("p"), choices_text(R"("rnn",true,1,"../x")"));
  EXPECT_EQ(space.number_for("p", std::string("rnn")), 0);
  EXPECT_EQ(space.number_for("p", true), 1);
  EXPECT_EQ(space.number_for("p", 1.0), 2);
  EXPECT_EQ(space.number_for("p", std::string("../x")), 3);
}

TEST(OptunaSpace, LeavesNumbersAsTheyAre) {
  EXPECT_EQ(space_of(Range{Distribution::kUniform, 0, 1}, {0.25}).number_for("p", 0.25), 0.25);
}

TEST(OptunaSpace, TakesParametersThatTheStudyDoesNotName) {
  const OptunaSpace space({}, {{.parameters = {{"x", 2.0}}}, {.parameters = {{"x", 1.0}}}});
  EXPECT_EQ(space.distribution("x"), choices_text("1,2"));
}

}  // namespace
}  // namespace glimpse::reports
