#include "storage/sqlite/ingest.h"

#include <bit>
#include <cmath>
#include <limits>
#include <random>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "storage/sqlite/statement.h"
#include "storage/sqlite/transaction.h"
#include "storage/sqlite/verify.h"
#include "storage/storage_error.h"
#include "tests/storage/sqlite/samples.h"
#include "tests/storage/sqlite/scratch_dir.h"

namespace glimpse::storage {
namespace {

using tests::content_of;
using tests::plan_sample;
using tests::rows_of;
using tests::run_sample;
using tests::sample_epoch;
using tests::ScratchDir;

constexpr std::int64_t kNow = 1'700'000'000'000;

class IngestTest : public ::testing::Test {
 protected:
  Ingest& ingest() { return store_.ingest(); }
  StartedAttempt start(std::size_t trial = 0) {
    return store_.ledger().start_attempt(trials_.at(trial), {.node = "n", .slot = 0}, kNow);
  }
  std::vector<std::string> rows(std::string_view sql) { return rows_of(store_.database(), sql); }

  ScratchDir folder_;
  ResultsStore store_{folder_ / "glimpse.db"};
  std::vector<TrialId> trials_ = plan_sample(store_, 3);
};

TEST_F(IngestTest, ARunLeavesItsWholeStory) {
  run_sample(
      store_,
      trials_[0],
      {HelloRecord{.environment_hash = "e1", .environment_json = R"({"host":"h"})"},
       StartedRecord{},
       ProgressRecord{},
       sample_epoch(1, 50),
       CheckpointRecord{.file = "step-1.safetensors", .step = 10, .epoch = 1},
       sample_epoch(2, 40),
       sample_epoch(3, 45),
       FinishedRecord{.best_epoch = 2, .metrics = {{"test_error", 41}, {"test_error_last", 46}}}});
  EXPECT_EQ(rows("SELECT epoch, name, value FROM v_metrics WHERE name LIKE '%error%'"
                 " ORDER BY name, epoch"),
            (std::vector<std::string>{"2\ttest_error\t41",
                                      "3\ttest_error_last\t46",
                                      "1\tvalid_error\t50",
                                      "2\tvalid_error\t40",
                                      "3\tvalid_error\t45"}));
  EXPECT_EQ(
      rows("SELECT state, outcome, objective, best_epoch, last_epoch, attempts, started,"
           " ended_ms - started_ms FROM v_trials WHERE state = 'done'"),
      (std::vector<std::string>{"done\tcompleted\t40\t2\t3\t1\t2023-11-14T22:13:20.000Z\t8000"}));
  EXPECT_EQ(rows("SELECT attempt, state, class, environment, records_taken, checkpoints, seconds"
                 " FROM v_attempts"),
            (std::vector<std::string>{"1\tfinished\t-\t{\"host\":\"h\"}\t8\t1\t8"}));
  EXPECT_EQ(rows("SELECT attempt, epoch, name, value FROM v_timings WHERE epoch = 2"),
            (std::vector<std::string>{"1\t2\tseconds_train\t0.5"}));
  EXPECT_EQ(rows("SELECT epoch, weights_hash FROM v_epochs WHERE epoch = 2"),
            (std::vector<std::string>{"2\tw2"}));
  EXPECT_EQ(rows("SELECT name, epoch, value, time_ms FROM v_curves WHERE name = 'valid_error'"
                 " AND epoch = 2"),
            (std::vector<std::string>{"valid_error\t2\t40\t1700000006000"}));
  EXPECT_EQ(rows("SELECT count(*) FROM v_events"), std::vector<std::string>{"0"});
}

TEST_F(IngestTest, TakesARecordOnceHoweverOftenItComes) {
  const StartedAttempt started = start();
  EXPECT_EQ(ingest().ingest(started.attempt, 1, kNow, sample_epoch(1, 5)), IngestResult::kTaken);
  const auto before = content_of(store_.database());
  EXPECT_EQ(ingest().ingest(started.attempt, 1, kNow + 9, sample_epoch(1, 6)),
            IngestResult::kRepeated);
  EXPECT_EQ(content_of(store_.database()), before);
}

TEST_F(IngestTest, RefusesAGap) {
  const StartedAttempt started = start();
  EXPECT_EQ(ingest().ingest(started.attempt, 2, kNow, sample_epoch(1, 5)), IngestResult::kGap);
  EXPECT_EQ(ingest().ingest(started.attempt, 0, kNow, sample_epoch(1, 5)), IngestResult::kGap);
  EXPECT_EQ(ingest().ingest(started.attempt, -1, kNow, sample_epoch(1, 5)), IngestResult::kGap);
  EXPECT_EQ(rows("SELECT count(*) FROM v_metrics"), std::vector<std::string>{"0"});
}

TEST_F(IngestTest, RefusesAnAttemptThatIsNotTheCurrentOne) {
  const StartedAttempt first = start();
  store_.ledger().end_attempt(first.attempt, {.state = AttemptState::kLost}, kNow);
  EXPECT_EQ(ingest().ingest(first.attempt, 1, kNow, sample_epoch(1, 5)), IngestResult::kStale);
  const StartedAttempt second = start();
  EXPECT_EQ(ingest().ingest(first.attempt, 1, kNow, sample_epoch(1, 5)), IngestResult::kStale);
  EXPECT_EQ(ingest().ingest(second.attempt, 1, kNow, sample_epoch(1, 5)), IngestResult::kTaken);
  EXPECT_EQ(ingest().ingest(9999, 1, kNow, sample_epoch(1, 5)), IngestResult::kStale);
}

// No run of the program leaves two, but a database put together by hand may.
TEST_F(IngestTest, OfTwoRunningAttemptsOnlyTheNewestIsHeard) {
  const StartedAttempt older = start(0);
  store_.database().execute(
      "INSERT INTO attempts (trial, number, node, slot, started_ms)"
      " SELECT trial, 2, node, slot, started_ms FROM attempts");
  const AttemptId newest = store_.reader().unfinished_attempts().at(1).attempt;
  EXPECT_EQ(ingest().ingest(older.attempt, 1, kNow, StoppedRecord{}), IngestResult::kStale);
  EXPECT_EQ(rows("SELECT state FROM v_trials WHERE state <> 'pending'"),
            std::vector<std::string>{"running"});
  EXPECT_EQ(ingest().ingest(newest, 1, kNow, StoppedRecord{}), IngestResult::kTaken);
  EXPECT_EQ(rows("SELECT state FROM v_trials WHERE state <> 'pending'"),
            std::vector<std::string>{"running"})
      << "the older one runs still";
}

TEST_F(IngestTest, NothingFollowsTheEnd) {
  const StartedAttempt ended = run_sample(store_, trials_[0], {FinishedRecord{}});
  EXPECT_EQ(ingest().ingest(ended.attempt, 2, kNow, sample_epoch(1, 5)), IngestResult::kStale);
}

TEST_F(IngestTest, EqualMetricsOfAResumedAttemptLeaveNoTrace) {
  run_sample(store_, trials_[0], {sample_epoch(1, 5), sample_epoch(2, 4), PreemptedRecord{}});
  run_sample(store_, trials_[0], {sample_epoch(2, 4), sample_epoch(3, 3)});
  EXPECT_EQ(rows("SELECT count(*) FROM v_events"), std::vector<std::string>{"0"});
  EXPECT_EQ(rows("SELECT count(*) FROM v_metrics WHERE name = 'valid_error'"),
            std::vector<std::string>{"3"});
}

TEST_F(IngestTest, OtherMetricsOfAResumedAttemptAreAnEvent) {
  run_sample(store_, trials_[0], {sample_epoch(1, 5), StoppedRecord{}});
  EpochRecord other = sample_epoch(1, std::nextafter(5.0, 6.0));
  other.weights_hash = "other";
  run_sample(store_, trials_[0], {other});
  EXPECT_EQ(rows("SELECT value FROM v_metrics WHERE name = 'valid_error'"),
            std::vector<std::string>{"5"});
  EXPECT_EQ(rows("SELECT attempt, kind, detail->>'name', detail->>'kept', detail->>'reported'"
                 " FROM v_events ORDER BY 3"),
            (std::vector<std::string>{"2\tnondeterminism\tvalid_error\t5\t5.0000000000000009",
                                      "2\tnondeterminism\tweights_hash\tw1\tother"}));
}

TEST_F(IngestTest, WhatIsNotFiniteIsNull) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  run_sample(store_,
             trials_[0],
             {EpochRecord{.epoch = 1, .metrics = {{"valid_error", nan}, {"a", -infinity}}},
              StoppedRecord{}});
  run_sample(store_, trials_[0], {EpochRecord{.epoch = 1, .metrics = {{"valid_error", infinity}}}});
  EXPECT_EQ(rows("SELECT name, value FROM v_metrics ORDER BY name"),
            (std::vector<std::string>{"a\t-", "valid_error\t-"}));
  EXPECT_EQ(rows("SELECT count(*) FROM v_events"), std::vector<std::string>{"0"});
  EXPECT_EQ(rows("SELECT objective FROM v_trials WHERE attempts > 0"),
            std::vector<std::string>{"-"});
}

TEST_F(IngestTest, EveryFiniteValueComesBackBitForBit) {
  std::mt19937_64 random(7);
  std::vector<NamedValue> metrics;
  for (int i = 0; i < 1000; ++i) {
    const double value = std::bit_cast<double>(random());
    metrics.push_back({"m" + std::to_string(i), std::isfinite(value) ? value : 0.1});
  }
  metrics.push_back({"zero", -0.0});
  metrics.push_back({"tiny", 5e-324});
  metrics.push_back({"whole", 9007199254740993.0});
  run_sample(store_, trials_[0], {EpochRecord{.epoch = 1, .metrics = metrics}, StoppedRecord{}});
  run_sample(store_, trials_[0], {EpochRecord{.epoch = 1, .metrics = metrics}});
  EXPECT_EQ(rows("SELECT count(*) FROM v_events"), std::vector<std::string>{"0"});
  for (const NamedValue& metric : metrics) {
    Rows row = store_.database()
                   .prepared("SELECT value FROM v_metrics WHERE name = ?1")
                   .query(std::string_view(metric.name));
    ASSERT_TRUE(row.next());
    EXPECT_EQ(row.real(0), metric.value) << metric.name;
  }
}

TEST_F(IngestTest, ADivergedRunIsDoneAndNeverTheBest) {
  run_sample(store_,
             trials_[0],
             {sample_epoch(1, 5), FinishedRecord{.outcome = Outcome::kDiverged, .best_epoch = 1}});
  EXPECT_EQ(rows("SELECT state, outcome, objective FROM v_trials WHERE attempts > 0"),
            std::vector<std::string>{"done\tdiverged\t-"});
}

TEST_F(IngestTest, TheObjectiveFollowsTheGoalOfTheFirstStudy) {
  StudyEntry study = tests::sample_study("accuracy");
  study.metric = "accuracy";
  study.is_maximized = true;
  const tests::SamplePlan plan(1, 100);
  store_.ledger().add_plan(study, plan.entries(), kNow);
  const TrialId trial = store_.reader().find_trial(plan.entries()[0].key).value();
  const auto epoch = [](std::int64_t number, double accuracy) {
    return EpochRecord{.epoch = number, .metrics = {{"accuracy", accuracy}}};
  };
  run_sample(store_, trial, {epoch(1, 0.5), epoch(2, 0.9), epoch(3, 0.9), epoch(4, 0.7)});
  EXPECT_EQ(rows("SELECT objective, best_epoch, state FROM v_trials WHERE attempts > 0"),
            std::vector<std::string>{"0.90000000000000002\t2\trunning"});
}

TEST_F(IngestTest, RefusesHostileRecordsAndGoesOn) {
  const StartedAttempt started = start();
  const std::vector<Record> hostile = {
      EpochRecord{.epoch = 0},
      EpochRecord{.epoch = -1},
      EpochRecord{.epoch = std::numeric_limits<std::int64_t>::max()},
      EpochRecord{.epoch = 1, .metrics = {{"", 1}}},
      EpochRecord{.epoch = 1, .metrics = {{std::string(300, 'x'), 1}}},
      EpochRecord{.epoch = 1, .timings = {{std::string("a\0b", 3), 1}}},
      CheckpointRecord{.file = "../../etc/passwd"},
      CheckpointRecord{.file = "a", .step = -1},
      FinishedRecord{.best_epoch = 0},
      FailedRecord{.fault_class = ""},
      HelloRecord{.environment_hash = "h", .environment_json = "{not json"}};
  for (const Record& record : hostile) {
    EXPECT_EQ(ingest().ingest(started.attempt, 1, kNow, record), IngestResult::kInvalid);
  }
  const std::string odd = "'); DROP TABLE trials; --\xff\xfe\"";
  EXPECT_EQ(
      ingest().ingest(started.attempt, 1, kNow, EpochRecord{.epoch = 1, .metrics = {{odd, 1}}}),
      IngestResult::kTaken);
  EXPECT_EQ(rows("SELECT name FROM v_metrics"), std::vector<std::string>{odd});
}

TEST_F(IngestTest, OneBadRecordOfABatchDoesNotTouchTheOthers) {
  const StartedAttempt good = start(0);
  const StartedAttempt bad = start(1);
  const std::vector<NumberedRecord> batch = {
      {.attempt = good.attempt, .number = 1, .t_ms = kNow, .record = sample_epoch(1, 5)},
      {.attempt = bad.attempt, .number = 7, .t_ms = kNow, .record = sample_epoch(1, 5)},
      {.attempt = good.attempt, .number = 2, .t_ms = kNow, .record = sample_epoch(2, 4)}};
  EXPECT_EQ(
      ingest().ingest(batch),
      (std::vector<IngestResult>{IngestResult::kTaken, IngestResult::kGap, IngestResult::kTaken}));
}

// Ids of names that a rolled back transaction gave out go to other names later.
TEST_F(IngestTest, ForgetsNamesThatWereRolledBack) {
  const StartedAttempt started = start();
  {
    Transaction undone(store_.database());
    ingest().ingest(started.attempt, 1, kNow, EpochRecord{.epoch = 1, .metrics = {{"gone", 1}}});
  }
  ingest().ingest(started.attempt, 1, kNow, EpochRecord{.epoch = 1, .metrics = {{"kept", 2}}});
  ingest().ingest(started.attempt, 2, kNow, EpochRecord{.epoch = 2, .metrics = {{"gone", 3}}});
  EXPECT_EQ(rows("SELECT epoch, name, value FROM v_metrics ORDER BY epoch"),
            (std::vector<std::string>{"1\tkept\t2", "2\tgone\t3"}));
}

TEST_F(IngestTest, CellsCountCompletedRunsAndNeedAllOfThem) {
  const std::vector<TrialId> trials = plan_sample(store_, 6, "cells", 3, 300);
  const auto run = [&](std::size_t i, double error, Outcome outcome = Outcome::kCompleted) {
    run_sample(
        store_,
        trials.at(i),
        {sample_epoch(1, error + 1),
         sample_epoch(2, error),
         FinishedRecord{
             .outcome = outcome, .best_epoch = 2, .metrics = {{"test_error", error + 0.5}}}});
  };
  run(0, 1);
  run(1, 2);
  run(2, 3);
  run(3, 1);
  run(4, 2, Outcome::kDiverged);
  EXPECT_EQ(rows("SELECT parameters->'$.dropout', name, planned, completed, n, mean,"
                 " sd, min, max, json_array_length(run_ids) FROM v_cells"
                 " WHERE study = 'cells' AND name <> 'train_loss' ORDER BY 1, 2"),
            (std::vector<std::string>{"0.100\ttest_error\t3\t3\t3\t2.5\t1\t1.5\t3.5\t3",
                                      "0.100\tvalid_error\t3\t3\t3\t2\t1\t1\t3\t3",
                                      "0.101\ttest_error\t3\t1\t1\t-\t-\t1.5\t1.5\t3",
                                      "0.101\tvalid_error\t3\t1\t1\t-\t-\t1\t1\t3"}));
}

TEST_F(IngestTest, ACellWithoutMetricsHasOneRow) {
  const std::vector<TrialId> trials = plan_sample(store_, 2, "bare", 2, 300);
  run_sample(store_, trials[0], {FinishedRecord{}});
  const std::string query =
      "SELECT name, planned, completed, n, mean FROM v_cells WHERE study = 'bare'";
  EXPECT_EQ(rows(query), std::vector<std::string>{"-\t2\t1\t0\t-"});
  run_sample(store_, trials[1], {FinishedRecord{}});
  EXPECT_EQ(rows(query), std::vector<std::string>{"-\t2\t2\t0\t-"});
}

// Whatever order and repetition the records of several attempts come in, the outcome is the same.
TEST_F(IngestTest, AnyInterleavingGivesTheSameDatabase) {
  const auto streams = std::vector<std::vector<Record>>{
      {HelloRecord{.environment_hash = "e", .environment_json = "{}"},
       sample_epoch(1, 9),
       sample_epoch(2, 7),
       FinishedRecord{.best_epoch = 2, .metrics = {{"test_error", 8}}}},
      {sample_epoch(1, 5), CheckpointRecord{.file = "c", .step = 1, .epoch = 1}, StoppedRecord{}},
      {sample_epoch(1, 4), ProgressRecord{}, FailedRecord{.fault_class = "oom", .message = "m"}}};
  const auto play = [&](const std::vector<int>& order) {
    const ScratchDir folder;
    ResultsStore store(folder / "x.db");
    store.database().execute("PRAGMA synchronous=OFF");  // 100 databases, none of which must last
    const std::vector<TrialId> trials = plan_sample(store, streams.size());
    std::vector<AttemptId> attempts;
    for (const TrialId trial : trials) {
      attempts.push_back(store.ledger().start_attempt(trial, {.node = "n"}, kNow).attempt);
    }
    // The uid is drawn by lot; all else must not be.
    store.database().execute("UPDATE attempts SET uid = 'u' || id");
    std::vector<std::size_t> sent(streams.size());
    const auto send = [&](std::size_t stream, std::size_t index) {
      const auto number = static_cast<std::int64_t>(index) + 1;
      return store.ingest().ingest(attempts[stream], number, kNow + number, streams[stream][index]);
    };
    for (const int choice : order) {
      const std::size_t stream = static_cast<std::size_t>(choice) % streams.size();
      const std::size_t ahead = static_cast<std::size_t>(choice) / streams.size();
      // Sometimes an old record again, sometimes one too far ahead, mostly the next one.
      if (ahead == 0 && sent[stream] > 0) {
        RC_ASSERT(send(stream, sent[stream] - 1) == IngestResult::kRepeated);
      } else if (ahead == 1 && sent[stream] + 1 < streams[stream].size()) {
        RC_ASSERT(send(stream, sent[stream] + 1) == IngestResult::kGap);
      } else if (sent[stream] < streams[stream].size()) {
        RC_ASSERT(send(stream, sent[stream]++) == IngestResult::kTaken);
      }
    }
    for (std::size_t stream = 0; stream < streams.size(); ++stream) {
      while (sent[stream] < streams[stream].size()) {
        send(stream, sent[stream]++);
      }
    }
    RC_ASSERT(verify_results(store.database()).empty());
    return content_of(store.database());
  };
  const auto expected = play({});
  EXPECT_TRUE(rc::check("same content", [&] {
    RC_ASSERT(play(*rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 15))) == expected);
  }));
}

}  // namespace
}  // namespace glimpse::storage
