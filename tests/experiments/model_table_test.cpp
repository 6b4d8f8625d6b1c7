#include "experiments/model_table.h"

#include <limits>
#include <set>
#include <vector>

#include <gtest/gtest.h>

namespace glimpse::experiments {
namespace {

std::vector<const ParameterRow*> rows_named(const std::string& name) {
  std::vector<const ParameterRow*> rows;
  for (const ParameterRow& row : parameter_rows()) {
    if (row.name == name) {
      rows.push_back(&row);
    }
  }
  return rows;
}

TEST(ModelTable, KnowsTheModelsOfTableOne) {
  ASSERT_EQ(model_rows().size(), 3U);
  for (const ModelRow& row : model_rows()) {
    EXPECT_EQ(find_model(row.name), &row);
    EXPECT_GE(row.code, 1);
    EXPECT_FALSE(value_problem("model", Value(row.name)));
  }
  EXPECT_EQ(find_model("rnn"), nullptr);
}

TEST(ModelTable, HoldsDefaultsThatFitTheirOwnRanges) {
  for (const ParameterRow& row : parameter_rows()) {
    EXPECT_FALSE(value_problem(row, row.default_value)) << row.name;
    EXPECT_FALSE(row.doc.empty()) << row.name;
  }
}

TEST(ModelTable, NamesConditionsBeforeTheirDependents) {
  std::set<std::string> seen;
  for (const ParameterRow& row : parameter_rows()) {
    for (const auto& [name, values] : row.when) {
      EXPECT_TRUE(seen.contains(name)) << row.name << " depends on " << name;
      for (const Value& value : values) {
        EXPECT_FALSE(value_problem(name, value)) << row.name;
      }
    }
    seen.insert(row.name);
  }
}

TEST(ModelTable, GivesRowsOfOneNameConditionsThatExcludeEachOther) {
  for (const ParameterRow& row : parameter_rows()) {
    const auto rows = rows_named(row.name);
    if (rows.size() < 2) {
      continue;
    }
    std::set<Value> seen;
    for (const ParameterRow* other : rows) {
      ASSERT_EQ(other->when.size(), 1U) << row.name;
      EXPECT_EQ(other->when.begin()->first, rows.front()->when.begin()->first);
      EXPECT_EQ(other->type, rows.front()->type) << row.name;
      for (const Value& value : other->when.begin()->second) {
        EXPECT_TRUE(seen.insert(value).second) << row.name;
      }
    }
  }
}

TEST(ModelTable, HoldsTheDefaultsOfTheReleasedCode) {
  const Assignment rnn = resolve({});
  EXPECT_EQ(rnn.at("model"), Value("rnn-spn"));
  EXPECT_EQ(rnn.at("downsample"), Value(3.0));
  EXPECT_EQ(rnn.at("filters"), Value(32.0));
  EXPECT_EQ(rnn.at("hidden"), Value(256.0));
  EXPECT_EQ(rnn.at("clip"), Value(1.0));
  EXPECT_EQ(rnn.at("norm_limit"), Value(5.0));
  EXPECT_EQ(rnn.at("optimizer_epsilon"), Value(1e-6));
  EXPECT_EQ(rnn.at("learning_rate"), Value(5e-4));
  EXPECT_EQ(rnn.at("schedule_period"), Value(12.0));
  const Assignment ffn = resolve({{"model", "ffn-spn"}});
  EXPECT_EQ(ffn.at("downsample"), Value(2.0));
  EXPECT_EQ(ffn.at("filters"), Value(96.0));
  EXPECT_EQ(ffn.at("localisation_dense"), Value(200.0));
}

TEST(ModelTable, AppliesTheRecurrentModelsHabitsToItAlone) {
  for (const char* model : {"ffn-spn", "conv"}) {
    const Assignment other = resolve({{"model", model}});
    for (const char* name :
         {"clip", "dropout_warmup", "localisation_dropout", "hidden", "gru", "learned_h0"}) {
      EXPECT_FALSE(other.contains(name)) << model << " " << name;
    }
  }
  EXPECT_FALSE(resolve({{"model", "conv"}, {"downsample", 2.0}}).contains("downsample"));
}

TEST(ModelTable, AppliesAnOptimizersParametersToItAlone) {
  EXPECT_EQ(find_row("momentum", {}), nullptr);
  ASSERT_NE(find_row("momentum", {{"optimizer", "sgd"}}), nullptr);
  EXPECT_EQ(find_row("optimizer_epsilon", {{"optimizer", "sgd"}}), nullptr);
  EXPECT_EQ(find_row("optimizer_epsilon", {{"optimizer", "adam"}})->default_value, Value(1e-8));
  EXPECT_EQ(find_row("weight_decay", {{"optimizer", "adam"}}), nullptr);
  EXPECT_EQ(find_row("schedule_divisor", {{"schedule", "step"}})->default_value, Value(10.0));
}

TEST(ModelTable, LeavesDefaultsAndMeaninglessValuesOutOfKeys) {
  EXPECT_EQ(without_defaults({{"model", "conv"},
                              {"downsample", 4.0},
                              {"filters", 96.0},
                              {"momentum", 0.9},
                              {"dropout", 0.5}}),
            (Assignment{{"model", "conv"}, {"dropout", 0.5}}));
  EXPECT_EQ(without_defaults({{"filters", 96.0}, {"downsample", 3.0}}),
            (Assignment{{"filters", 96.0}}));
}

TEST(ModelTable, SaysWhatIsWrongWithAValue) {
  EXPECT_EQ(value_problem("batch_size", Value(2.5)).value(),
            "must be a whole number from 1 to 65536, not 2.5");
  EXPECT_EQ(value_problem("dropout", Value(1.0)).value(), "must be a number from 0 to 0.95, not 1");
  EXPECT_EQ(value_problem("dropout", Value("0.5")).value(),
            "must be a number from 0 to 0.95, not \"0.5\"");
  EXPECT_EQ(value_problem("learned_h0", Value(1.0)).value(), "must be true or false, not 1");
  EXPECT_EQ(value_problem("gru", Value("reset")).value(),
            "must be one of \"reset_after\", \"reset_before\", not \"reset\"");
  EXPECT_EQ(value_problem("droput", Value(0.5)).value(), "unknown parameter");
  EXPECT_FALSE(value_problem("dropout", Value(0.95)));
}

TEST(ModelTable, RefusesNumbersThatAreNone) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const double bad : {nan, std::numeric_limits<double>::infinity()}) {
    EXPECT_TRUE(value_problem("learning_rate", Value(bad)));
    EXPECT_TRUE(value_problem("epochs", Value(bad)));
  }
}

}  // namespace
}  // namespace glimpse::experiments
