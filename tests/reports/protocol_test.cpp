#include "reports/protocol.h"

#include <gtest/gtest.h>

#include "experiments/json/shipped_studies.h"
#include "experiments/json/study_json.h"
#include "experiments/plan/plan.h"

namespace glimpse::reports {
namespace {

using experiments::Assignment;
using experiments::Study;

Study table1(const std::vector<std::string>& words = {}) {
  return experiments::parse_study(experiments::find_shipped_study("table1")->text,
                                  "table1",
                                  experiments::parse_overrides(words));
}

std::vector<Assignment> configurations_of(const Study& study) {
  const experiments::Plan plan = experiments::make_plan(study, {});
  std::vector<Assignment> configurations;
  for (std::size_t i = 0; i < plan.configurations(); ++i) {
    configurations.push_back(plan.assignment(i));
  }
  return configurations;
}

std::vector<std::string> deviations(const Study& study) {
  const Study protocol = table1();
  const auto ours = configurations_of(study);
  const auto theirs = configurations_of(protocol);
  return find_deviations(PlannedStudy{study, ours}, PlannedStudy{protocol, theirs});
}

using Lines = std::vector<std::string>;

TEST(Protocol, IsTheStudyWhoseFiguresAreRepeated) {
  const std::vector<Study> shipped = {
      experiments::parse_study(experiments::find_shipped_study("table1-smoke")->text,
                               "table1-smoke"),
      table1()};
  EXPECT_EQ(find_protocol(table1({"epochs=60"}), shipped), &shipped[1]);
  EXPECT_EQ(find_protocol(shipped[0], shipped), nullptr) << "it repeats no figure";
  Study own = table1();
  own.table->published = {own.table->published.front()};
  own.table->published.front().value = 7;
  EXPECT_EQ(find_protocol(own, shipped), nullptr);
}

TEST(Protocol, IsKeptBySeedsAndCellsAlone) {
  EXPECT_EQ(deviations(table1()), Lines());
  EXPECT_EQ(deviations(table1({"seeds=9"})), Lines());
  EXPECT_EQ(deviations(table1({"downsample=2,3", "resources.gpus=0"})), Lines());
  EXPECT_EQ(deviations(table1({"hidden=256"})), Lines()) << "a default that is spelled out";
}

TEST(Protocol, IsLeftByAnyOtherValue) {
  EXPECT_EQ(deviations(table1({"epochs=60"})), (Lines{"epochs: 60 instead of 300"}));
  EXPECT_EQ(deviations(table1({"dropout=0.2"})),
            (Lines{"dropout: 0.2 instead of 0, 0.2, 0.5",
                   "table.select: none instead of by valid_error over dropout on 1 seed"}));
  EXPECT_EQ(deviations(table1({"dataset.train=1000"})),
            (Lines{"dataset.train: 1000 instead of 60000"}));
  EXPECT_EQ(deviations(table1({"hidden=128"})), (Lines{"hidden: 128 instead of 256"}))
      << "a value that the protocol leaves at its default";
  Study wide = table1();
  wide.table->margin = 5;
  EXPECT_EQ(deviations(wide), (Lines{"table.margin: 5 instead of 0.3"}));
}

TEST(Protocol, NeverHasBuiltInDigits) {
  const Study smoke = experiments::parse_study(
      experiments::find_shipped_study("table1-smoke")->text, "table1-smoke");
  const auto configurations = configurations_of(smoke);
  EXPECT_EQ(find_deviations(PlannedStudy{smoke, configurations}).size(), 1U);
  const Study full = table1();
  EXPECT_TRUE(find_deviations(PlannedStudy{full, configurations_of(full)}).empty());
}

}  // namespace
}  // namespace glimpse::reports
