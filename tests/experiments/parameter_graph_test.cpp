#include "experiments/parameter_graph.h"

#include <stdexcept>

#include <gtest/gtest.h>

#include "experiments/model_table.h"
#include "experiments/plan/grid_size.h"
#include "experiments/plan_limits.h"
#include "tests/experiments/study_samples.h"

namespace glimpse::experiments {
namespace {

// Says of every model table parameter the same as the table itself does.
TEST(ParameterGraph, AgreesWithTheModelTable) {
  const Study study = training({});
  const std::vector<PlanColumn> columns = {{"downsample", {2.0, 3.0}},
                                           {"model", {"rnn-spn", "ffn-spn", "conv"}},
                                           {"momentum", {0.9, 0.0}},
                                           {"optimizer", {"sgd", "rmsprop"}}};
  const ParameterGraph graph(study, columns, {"filters", "optimizer_epsilon"});
  ParameterGraph::State state = graph.make_state();
  for (std::uint32_t i = 0; i < 2 * 3 * 2 * 2; ++i) {
    std::vector<std::uint32_t> cells = {i % 2, i / 2 % 3, i / 6 % 2, i / 12};
    Assignment given;
    for (std::size_t column = 0; column < columns.size(); ++column) {
      given.emplace(columns[column].name, columns[column].values[cells[column]]);
    }
    graph.prune(cells, state);
    const Assignment resolved = resolve(given);
    const Assignment different = without_defaults(given);
    for (const char* name :
         {"downsample", "model", "momentum", "optimizer", "filters", "optimizer_epsilon"}) {
      const std::size_t node = graph.index_of(name);
      const Value* value = graph.value(node, state);
      ASSERT_EQ(value != nullptr, resolved.contains(name)) << name << render_json(given);
      if (value != nullptr) {
        EXPECT_EQ(*value, resolved.at(name)) << name << render_json(given);
        EXPECT_EQ(graph.is_default(node, state), !different.contains(name)) << name;
      }
    }
  }
}

TEST(ParameterGraph, AppliesAStudysOwnConditionsOnTop) {
  Study study = training({});
  study.when = {{"dropout", {{"downsample", {1.0}}}}};
  const ParameterGraph graph(
      study, {{"downsample", {1.0, 2.0}}, {"dropout", {0.5}}, {"model", {"rnn-spn", "conv"}}}, {});
  ParameterGraph::State state = graph.make_state();
  std::vector<std::uint32_t> cells = {0, 0, 0};
  graph.prune(cells, state);
  EXPECT_EQ(cells, (std::vector<std::uint32_t>{0, 0, 0}));
  cells = {1, 0, 0};
  graph.prune(cells, state);
  EXPECT_EQ(cells, (std::vector<std::uint32_t>{1, kAbsent, 0}));
  // The convolutional network has no downsample, so nothing that needs one holds.
  cells = {0, 0, 1};
  graph.prune(cells, state);
  EXPECT_EQ(cells, (std::vector<std::uint32_t>{kAbsent, kAbsent, 1}));
  // What the study does not give holds with its default.
  EXPECT_EQ(*graph.value(1, state), Value(0.0));
}

TEST(ParameterGraph, KnowsDefaultsThatConditionsNameAlone) {
  Study study = training({});
  study.when = {{"dropout", {{"hidden", {256.0}}}}, {"filters", {{"dataset.patches", {8.0}}}}};
  const ParameterGraph graph(
      study, {{"dropout", {0.5}}, {"filters", {8.0}}, {"model", {"rnn-spn", "conv"}}}, {});
  ParameterGraph::State state = graph.make_state();
  std::vector<std::uint32_t> cells = {0, 0, 0};
  graph.prune(cells, state);
  EXPECT_EQ(cells, (std::vector<std::uint32_t>{0, 0, 0}));
  cells = {0, 0, 1};
  graph.prune(cells, state);
  EXPECT_EQ(cells, (std::vector<std::uint32_t>{kAbsent, 0, 1}));
}

TEST(ParameterGraph, RefusesCircles) {
  Study study = command({});
  study.when = {{"a", {{"b", {1.0}}}}, {"b", {{"a", {1.0}}}}};
  EXPECT_THROW(ParameterGraph(study, {{"a", {1.0}}, {"b", {1.0}}}, {}), std::invalid_argument);
  study = training({});
  study.when = {{"model", {{"downsample", {1.0}}}}};
  EXPECT_THROW(ParameterGraph(study, {{"model", {"conv"}}}, {}), std::invalid_argument);
}

std::uint64_t count(const Study& study) {
  return count_grid(study, kMaxConfigurations + 1).configurations;
}

TEST(GridSize, MultipliesOnlyWhatApplies) {
  EXPECT_EQ(count(table_one()), (4U + 4 + 1) * 3);
  Study study = table_one();
  study.parameters.push_back({"momentum", values({0.0, 0.5, 0.9})});
  study.parameters.push_back({"optimizer", values({"sgd", "adam"})});
  EXPECT_EQ(count(study), 27U * (3 + 1));
}

TEST(GridSize, FollowsChainsOfConditions) {
  Study study = command({{"a", values({1.0, 2.0, 3.0})},
                         {"b", Range{Distribution::kIntUniform, 1, 10}},
                         {"c", values({"x", "y"})}});
  study.when = {{"b", {{"a", {1.0, 2.0}}}}, {"c", {{"b", {10.0, 11.0}}}}};
  // a = 3 alone; for each of two a: nine b without c, one with two.
  EXPECT_EQ(count(study), 1U + 2 * (9 + 2));
  EXPECT_EQ(make_plan(study, {}).configurations(), 23U);
}

TEST(GridSize, StaysAtTheLimitInsteadOfOverflowing) {
  Study study = command({});
  for (int i = 0; i < 64; ++i) {
    study.parameters.push_back({"p" + std::to_string(i), values({1.0, 2.0, 3.0})});
  }
  EXPECT_EQ(count(study), kCountLimit);
  study.parameters.resize(39);
  EXPECT_EQ(count(study), 4052555153018976267U);  // 3^39
}

}  // namespace
}  // namespace glimpse::experiments
