#include "launcher/run/attempt_end.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace glimpse::launcher {
namespace {

using experiments::FailedRecord;
using experiments::FaultClass;
using experiments::FinishedRecord;
using experiments::PreemptedRecord;
using experiments::RecordBody;
using experiments::StoppedRecord;
using testing::HasSubstr;

FailedRecord failure(const AttemptStory& story, const std::vector<std::string>& lines = {}) {
  return std::get<FailedRecord>(decide_end(story, lines, {}));
}

AttemptStory ended_with(int status) {
  return {.ends = {{.rank = 0, .status = status}}};
}

TEST(DecideEnd, TakesAQuietExitAsDone) {
  EXPECT_EQ(decide_end(ended_with(0), {}, {}), RecordBody(FinishedRecord{}));
}

TEST(DecideEnd, TakesWhatTheProgramSaidWhereItEndedWell) {
  AttemptStory story = ended_with(0);
  story.said = FinishedRecord{.outcome = experiments::Outcome::kDiverged};
  EXPECT_EQ(decide_end(story, {}, {}), *story.said);
  story.ends[0].status = 3;  // it crashed after its last word
  EXPECT_EQ(failure(story).fault, FaultClass::kExitCode);
}

TEST(DecideEnd, NamesExitCodesAndSignals) {
  EXPECT_EQ(failure(ended_with(1)).fault, FaultClass::kExitCode);
  EXPECT_THAT(failure(ended_with(1)).message, HasSubstr("exit code 1"));
  EXPECT_EQ(failure(ended_with(139)).fault, FaultClass::kSignal);
  EXPECT_THAT(failure(ended_with(139)).message, HasSubstr("signal 11"));
  EXPECT_EQ(failure(ended_with(71)).fault, FaultClass::kHostOom);
}

TEST(DecideEnd, AsksTheLogWhereTheExitCodeSaysNothing) {
  EXPECT_EQ(failure(ended_with(1), {"Traceback", "MemoryError"}).fault, FaultClass::kHostOom);
  EXPECT_EQ(failure(ended_with(66), {"MemoryError"}).fault, FaultClass::kBadData);
  const std::vector<experiments::LogPattern> own = {{"MemoryError", "bad_config"}};
  const std::vector<std::string> lines = {"MemoryError"};
  EXPECT_EQ(std::get<FailedRecord>(decide_end(ended_with(1), lines, own)).fault,
            FaultClass::kBadConfig);
}

TEST(DecideEnd, BelievesTheKernelAboutMemory) {
  AttemptStory story = ended_with(137);
  EXPECT_EQ(failure(story).fault, FaultClass::kSignal);
  story.ran_out_of_memory = true;
  EXPECT_EQ(failure(story).fault, FaultClass::kHostOom);
}

TEST(DecideEnd, NamesTheFirstMemberThatFailed) {
  const AttemptStory story{
      .ends = {{.rank = 3, .status = 0}, {.rank = 2, .status = 66}, {.rank = 0, .status = 137}},
      .members = 4};
  EXPECT_EQ(failure(story).fault, FaultClass::kBadData);
  EXPECT_THAT(failure(story).message, HasSubstr("member 2"));
}

TEST(DecideEnd, IsAStopWhereOneWasAskedForOrTheProgramSaysSo) {
  AttemptStory story = ended_with(143);
  EXPECT_TRUE(std::holds_alternative<FailedRecord>(decide_end(story, {}, {})));
  story.was_asked_to_stop = true;
  EXPECT_EQ(decide_end(story, {}, {}), RecordBody(StoppedRecord{}));
  EXPECT_EQ(decide_end(ended_with(75), {}, {}), RecordBody(StoppedRecord{}));
}

TEST(DecideEnd, IsAPreemptionWhereTheMachineIsTakenAway) {
  AttemptStory story = ended_with(143);
  story.was_warned = true;
  EXPECT_EQ(decide_end(story, {}, {}),
            RecordBody(PreemptedRecord{"the program was ended by signal 15"}));
  AttemptStory saved = ended_with(75);
  saved.was_warned = true;
  EXPECT_EQ(decide_end(saved, {}, {}), RecordBody(StoppedRecord{}));
}

TEST(DecideEnd, KeepsAResultThatCameBeforeTheStop) {
  AttemptStory story = ended_with(0);
  story.was_asked_to_stop = true;
  story.said = FinishedRecord{};
  EXPECT_EQ(decide_end(story, {}, {}), RecordBody(FinishedRecord{}));
}

TEST(DecideEnd, OurVerdictComesFirst) {
  AttemptStory story = ended_with(137);
  story.verdict = FailedRecord{FaultClass::kHung, "gave no sign of life"};
  EXPECT_EQ(failure(story).fault, FaultClass::kHung);
}

TEST(AddLastLines, ShowsTheEndOfTheLogHoweverLongItIs) {
  const std::vector<std::string> lines(20, std::string(1000, 'x'));
  FailedRecord failed{FaultClass::kSignal, "it broke"};
  EXPECT_EQ(add_last_lines(failed, {}).message, "it broke");
  failed = add_last_lines(failed, lines);
  EXPECT_LE(failed.message.size(), experiments::kMaxMessageBytes);
  EXPECT_TRUE(failed.message.starts_with("it broke; the last lines"));
}

}  // namespace
}  // namespace glimpse::launcher
