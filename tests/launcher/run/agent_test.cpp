#include "launcher/run/agent.h"

#include <csignal>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "experiments/json/record_json.h"
#include "tests/launcher/run/fake_children.h"
#include "tests/support/temp_dir.h"

namespace glimpse::launcher {
namespace {

using experiments::FailedRecord;
using experiments::FaultClass;
using experiments::FinishedRecord;
using experiments::RecordBody;
using experiments::StoppedRecord;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

const std::string kRun = "0123456789abcdef0123456789abcdef";

class AgentTest : public testing::Test {
 protected:
  static Job command(std::int64_t attempt = 1) {
    Job job;
    job.start.attempt = {.run = kRun, .number = attempt};
    job.start.key = kRun + kRun;
    job.slots = {0};
    job.command = {"train"};
    return job;
  }
  static Job training(std::int64_t attempt = 1) {
    Job job = command(attempt);
    job.command = {};
    job.start.dataset = "data.h5";
    return job;
  }

  void step() { agent_.step(std::chrono::milliseconds(0), -1); }
  void let_pass(double seconds) {
    now_s_ += seconds;
    step();
  }
  [[nodiscard]] std::string record(RecordBody body, std::int64_t attempt = 1) const {
    return experiments::render_record({{.run = kRun, .number = attempt}, std::move(body)});
  }
  // The last record that was sent.
  [[nodiscard]] RecordBody last() const {
    return sent_.empty() ? RecordBody() : sent_.back().record.body;
  }
  [[nodiscard]] FailedRecord failure() const { return std::get<FailedRecord>(last()); }
  [[nodiscard]] storage::AttemptFolder folder(std::uint64_t attempt = 1) const {
    return results_.attempt_folder(kRun, attempt);
  }
  [[nodiscard]] std::size_t journal_lines(std::uint64_t attempt = 1) const {
    storage::JournalReader journal(folder(attempt).journal());
    while (journal.next()) {
    }
    return journal.last_number();
  }

  tests::TempDir dir_;
  storage::ResultsFolder results_{dir_ / "results"};
  tests::FakeChildren children_;
  double now_s_ = 1000;
  std::vector<RecordMessage> sent_;
  Agent agent_{
      {.folder = results_, .cores = {4, 6}, .worker = "/bin/worker", .environment = {"A=1"}},
      children_,
      {.send = [this](Message m) { sent_.push_back(std::get<RecordMessage>(m)); },
       .clock_ms = [] { return std::int64_t{1}; },
       .now_s = [this] { return now_s_; }}};
};

TEST_F(AgentTest, RunsACommandToItsEnd) {
  agent_.take(StartMessage{command()});
  EXPECT_FALSE(agent_.is_idle());
  const ChildOrder& order = children_.child(1).order;
  EXPECT_THAT(order.arguments, ElementsAre("train"));
  EXPECT_THAT(order.environment, Contains("A=1"));
  EXPECT_THAT(order.environment, Contains("GLIMPSE_RUN_ID=" + kRun));
  EXPECT_THAT(order.cores, ElementsAre(4));
  EXPECT_TRUE(order.has_warden);
  children_.write(1, R"({"epoch": 1, "metrics": {"loss": 0.5}})");
  children_.print(1, "hello\n");
  children_.end(1, 0);
  step();
  EXPECT_TRUE(agent_.is_idle());
  ASSERT_EQ(sent_.size(), 2U);
  EXPECT_EQ(sent_[0].number, 1);
  EXPECT_EQ(sent_[1].number, 2);
  EXPECT_EQ(last(), RecordBody(FinishedRecord{}));
  EXPECT_EQ(journal_lines(), 2U);
  EXPECT_TRUE(std::filesystem::exists(folder().worker_log()));
}

TEST_F(AgentTest, ReadsTheCopyOfADatasetThatLiesOnItsNode) {
  Agent agent({.folder = results_,
               .cores = {},
               .worker = "/bin/worker",
               .environment = {},
               .staged = {{"/shared/a.h5", "/node/a.h5"}}},
              children_,
              {.send = [](const Message&) {},
               .clock_ms = [] { return std::int64_t{1}; },
               .now_s = [] { return 1.0; }});
  Job job = training();
  job.start.dataset = "/shared/a.h5";
  agent.take(StartMessage{job});
  EXPECT_THAT(children_.child(1).sent.at(0), testing::HasSubstr("/node/a.h5"));
  job.start.attempt.number = 2;
  job.start.dataset = "/shared/b.h5";
  agent.take(StartMessage{job});
  EXPECT_THAT(children_.child(2).sent.at(0), testing::HasSubstr("/shared/b.h5"));
}

TEST_F(AgentTest, KeepsATrainerWarmForTheNextAttempt) {
  agent_.take(StartMessage{training()});
  EXPECT_EQ(children_.child(1).order.commands_at, 3);
  children_.write(1, record(FinishedRecord{}));
  step();
  EXPECT_TRUE(agent_.is_idle());
  agent_.take(StartMessage{training(2)});
  EXPECT_EQ(children_.count(), 1U);
  ASSERT_EQ(children_.child(1).sent.size(), 2U);
  const auto start =
      std::get<experiments::StartCommand>(experiments::parse_command(children_.child(1).sent[1]));
  EXPECT_THAT(start.resume_from, ElementsAre(folder(1).path.string()));
  EXPECT_EQ(start.folder, folder(2).path.string());
}

TEST_F(AgentTest, StartsATrainerAnewAfterItDied) {
  agent_.take(StartMessage{training()});
  children_.end(1, 139);
  step();
  EXPECT_EQ(failure().fault, FaultClass::kSignal);
  agent_.take(StartMessage{training(2)});
  EXPECT_EQ(children_.count(), 2U);
}

TEST_F(AgentTest, IgnoresWhatATrainerSaysOfAnEarlierAttempt) {
  agent_.take(StartMessage{training()});
  children_.write(1, record(FinishedRecord{}));
  step();
  agent_.take(StartMessage{training(2)});
  children_.write(1, record(StoppedRecord{}, 1));
  step();
  EXPECT_EQ(sent_.size(), 1U);
  EXPECT_FALSE(agent_.is_idle());
}

TEST_F(AgentTest, EndsWhoeverForgesRecords) {
  agent_.take(StartMessage{command()});
  children_.write(1, record(FinishedRecord{}, 2));
  step();
  step();
  EXPECT_EQ(failure().fault, FaultClass::kProtocol);
  EXPECT_TRUE(children_.child(1).was_killed);
  EXPECT_TRUE(agent_.is_idle());
}

TEST_F(AgentTest, EndsWhoeverWritesWithoutEnd) {
  agent_.take(StartMessage{command()});
  children_.write_long_line(1);
  step();
  step();
  EXPECT_EQ(failure().fault, FaultClass::kProtocol);
}

TEST_F(AgentTest, EndsAHungTrialButNotABusyOne) {
  Job job = training();
  job.silence_s = 10;
  agent_.take(StartMessage{job});
  let_pass(9);
  children_.write(1, record(experiments::ProgressRecord{"train", 1}));
  step();
  let_pass(9);
  EXPECT_FALSE(children_.child(1).was_killed);
  let_pass(2);
  EXPECT_TRUE(children_.child(1).was_killed);
  step();
  EXPECT_EQ(failure().fault, FaultClass::kHung);
}

TEST_F(AgentTest, EndsATrialThatTakesTooLong) {
  Job job = command();
  job.trial_time_s = 10;
  agent_.take(StartMessage{job});
  let_pass(11);
  step();
  EXPECT_EQ(failure().fault, FaultClass::kTimeout);
  EXPECT_THAT(failure().message, HasSubstr("limits.trial_time (10s)"));
}

TEST_F(AgentTest, AsksToStopAndKillsWhoeverDoesNot) {
  agent_.take(StartMessage{command()});
  agent_.take(StopMessage{{.run = kRun, .number = 1}, false});
  EXPECT_THAT(children_.child(1).signals, ElementsAre(SIGTERM));
  let_pass(29);
  EXPECT_FALSE(children_.child(1).was_killed);
  let_pass(2);
  EXPECT_TRUE(children_.child(1).was_killed);
  step();
  EXPECT_EQ(last(), RecordBody(StoppedRecord{}));
}

TEST_F(AgentTest, TellsWhatWasEndedWithTheMachineFromFailures) {
  agent_.take(StartMessage{command()});
  agent_.expect_stop();
  children_.end(1, 143);
  step();
  EXPECT_TRUE(std::holds_alternative<experiments::PreemptedRecord>(last()));
}

TEST_F(AgentTest, IsTheOnlyOneThatSaysPreempted) {
  agent_.take(StartMessage{command()});
  children_.write(1, R"({"type": "preempted", "message": "x"})");
  step();
  step();
  EXPECT_EQ(failure().fault, FaultClass::kProtocol);
}

TEST_F(AgentTest, TellsATrainerToStopByName) {
  agent_.take(StartMessage{training()});
  agent_.take(StopMessage{{.run = kRun, .number = 2}, false});
  EXPECT_EQ(children_.child(1).sent.size(), 1U);
  agent_.take(StopMessage{{.run = kRun, .number = 1}, false});
  EXPECT_EQ(children_.child(1).sent.size(), 2U);
}

TEST_F(AgentTest, GivesAttemptsTheGpusOfTheirSlots) {
  Agent agent({.folder = results_, .gpus = {5, 7}, .worker = "/bin/worker", .environment = {}},
              children_,
              {.send = [](const Message&) {},
               .clock_ms = [] { return std::int64_t{1}; },
               .now_s = [this] { return now_s_; }});
  Job job = command();
  job.start.device = "cuda";
  job.slots = {1};
  agent.take(StartMessage{job});
  EXPECT_THAT(children_.child(1).order.environment, Contains("CUDA_VISIBLE_DEVICES=7"));
  job = training(2);
  job.start.device = "cuda";
  agent.take(StartMessage{job});
  EXPECT_THAT(children_.child(2).order.arguments, Contains("cuda:5"));
}

TEST_F(AgentTest, LimitsTheMemoryOfAProcess) {
  Job job = command();
  job.memory_bytes = 1 << 20;
  agent_.take(StartMessage{job});
  EXPECT_THAT(children_.child(1).order.rlimits,
              ElementsAre(experiments::ResourceLimit{"data", 1 << 20}));
}

TEST_F(AgentTest, EndsAGangWithItsFirstFailingMember) {
  Job job = command();
  job.members = 2;
  job.slots = {0, 1};
  agent_.take(StartMessage{job});
  ASSERT_EQ(children_.count(), 2U);
  EXPECT_THAT(children_.child(2).order.environment, Contains("RANK=1"));
  EXPECT_THAT(children_.child(2).order.cores, ElementsAre(6));
  children_.write(2, R"({"epoch": 1, "metrics": {"loss": 0.5}})");  // the first member's count
  children_.print(2, "RuntimeError: no\n");
  children_.end(2, 3);
  step();
  EXPECT_TRUE(children_.child(1).was_killed);
  step();
  EXPECT_EQ(sent_.size(), 1U);
  EXPECT_THAT(failure().message, HasSubstr("member 1 ended with exit code 3"));
  EXPECT_THAT(failure().message, HasSubstr("RuntimeError: no"));
}

TEST_F(AgentTest, ReadsRecordsFromOutputWhereTheStudySaysSo) {
  Job job = command();
  job.report = experiments::ReportVia::kStdout;
  agent_.take(StartMessage{job});
  children_.print(1, "epoch one\n{\"epoch\": 1, \"metrics\"");
  children_.print(1, ": {\"loss\": 1}}\n");
  children_.end(1, 0);
  step();
  ASSERT_EQ(sent_.size(), 2U);
  EXPECT_TRUE(std::holds_alternative<experiments::EpochRecord>(sent_[0].record.body));
}

TEST_F(AgentTest, TellsOfAFolderThatCannotBeMade) {
  std::ofstream(dir_ / "results") << "a file is in the way";
  agent_.take(StartMessage{command()});
  EXPECT_TRUE(agent_.is_idle());
  EXPECT_EQ(failure().fault, FaultClass::kDiskFull);
  EXPECT_EQ(sent_.back().number, 0) << "no journal has it";
  EXPECT_EQ(children_.count(), 0U);
}

TEST_F(AgentTest, NeverUsesAFolderTwice) {
  std::filesystem::create_directories(folder(1).path);
  agent_.take(StartMessage{command()});
  EXPECT_TRUE(agent_.is_idle());
  EXPECT_EQ(children_.count(), 0U);
}

}  // namespace
}  // namespace glimpse::launcher
