#include "launcher/schedule/rehearsal.h"

#include <gtest/gtest.h>

#include "launcher/schedule/timeline_svg.h"

namespace glimpse::launcher {
namespace {

RehearsedTrial trial(double seconds) {
  return {{.expected_s = seconds}, seconds};
}

TEST(Rehearsal, AddsUpWhatASmallScheduleTakes) {
  Rehearsal rehearsal{.studies = {{}}, .trials = {trial(30), trial(20), trial(20)}};
  rehearsal.node.slots = 2;
  const RehearsalResult result = rehearse(rehearsal);
  EXPECT_EQ(result.makespan_s, 40);
  EXPECT_EQ(result.busy_slot_s, 70);
  EXPECT_EQ(result.allocated_slot_s, 80);
  EXPECT_EQ(result.utilisation(), 0.875);
  EXPECT_EQ(result.done, 3U);
  EXPECT_EQ(result.timeline,
            (std::vector<TimelineEntry>{{1, 0, 1, 0, 20}, {0, 0, 0, 0, 30}, {2, 0, 1, 20, 40}}));
}

TEST(Rehearsal, ASharedSlotIsBusyOnce) {
  Rehearsal rehearsal{.studies = {{.lanes = 2}}, .trials = {trial(30), trial(20)}};
  EXPECT_EQ(rehearse(rehearsal).busy_slot_s, 30);
}

TEST(Rehearsal, SequelsFollowWhatTheyWaitFor) {
  Rehearsal rehearsal{.studies = {{}}, .trials = {trial(30), trial(20)}};
  rehearsal.sequels = {{.after = {0, 1}, .trials = {trial(5)}}};
  rehearsal.node.slots = 2;
  const RehearsalResult result = rehearse(rehearsal);
  EXPECT_EQ(result.makespan_s, 35);
  EXPECT_EQ(result.timeline.back().trial, 2U);
}

TEST(Rehearsal, ADeadlineStopsWhatRuns) {
  Rehearsal rehearsal{.studies = {{}}, .trials = {trial(100)}};
  rehearsal.deadline = Deadline{.at_s = 50, .margin_s = 10};
  const RehearsalResult result = rehearse(rehearsal);
  EXPECT_EQ(result.makespan_s, 40);
  EXPECT_EQ(result.pending, 1U);
}

TEST(Rehearsal, IsTheSameForTheSameSeed) {
  Rehearsal rehearsal{.studies = {{.stop_if = {.first = 0, .of_last = 0}}}, .nodes = 3};
  for (int i = 0; i < 50; ++i) {
    rehearsal.trials.push_back(trial(10 + i));
  }
  rehearsal.failing_share = 0.3;
  const auto one = rehearse(rehearsal).timeline;
  EXPECT_EQ(rehearse(rehearsal).timeline, one);
  rehearsal.seed = 2;
  EXPECT_NE(rehearse(rehearsal).timeline, one);
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++found;
  }
  return found;
}

TEST(TimelineSvg, HasABarPerAttemptAndEscapesWhatItIsTold) {
  const std::string svg = render_timeline_svg(
      {.title = "a<b & \"c\"",
       .rows = {"node 0 slot 0", "node 0 slot 1"},
       .kinds = {"model=<x>"},
       .bars = {{.row = 0, .end_s = 10, .label = "one&two"}, {.row = 1, .end_s = 5}}});
  EXPECT_NE(svg.find("a&lt;b &amp; &quot;c&quot;"), std::string::npos);
  EXPECT_NE(svg.find("model=&lt;x&gt;"), std::string::npos);
  EXPECT_NE(svg.find("<title>one&amp;two</title>"), std::string::npos);
  EXPECT_EQ(count(svg, "<rect"), 5U);  // page, plot, two bars, one kind
}

TEST(TimelineSvg, ManyRowsGetThinAndLoseNames) {
  Timeline timeline{
      .title = "", .rows = std::vector<std::string>(8000, "row"), .kinds = {}, .bars = {}};
  const std::string svg = render_timeline_svg(timeline);
  EXPECT_LT(count(svg, ">row<"), 100U);
  EXPECT_LT(svg.size(), 20000U);
}

}  // namespace
}  // namespace glimpse::launcher
