#include "storage/sqlite/merge.h"

#include <functional>

#include <gtest/gtest.h>

#include "storage/sqlite/attempt_moves.h"
#include "storage/sqlite/verify.h"
#include "storage/storage_error.h"
#include "tests/storage/sqlite/samples.h"
#include "tests/storage/sqlite/scratch_dir.h"
#include "tests/support/temp_dir.h"

namespace glimpse::storage {
namespace {

using tests::Content;
using tests::content_of;
using tests::plan_sample;
using tests::rows_of;
using tests::run_sample;
using tests::sample_epoch;
using tests::sample_key;
using tests::ScratchDir;

class MergeTest : public ::testing::Test {
 protected:
  std::filesystem::path copy(const std::filesystem::path& from, const std::string& name) {
    std::filesystem::copy_file(from, folder_ / name);
    return folder_ / name;
  }

  // Trials 0..n-1 are planned; `run` says which of them got how far.
  std::filesystem::path make(const std::string& name,
                             std::size_t trials,
                             const std::function<void(ResultsStore&, std::vector<TrialId>)>& run) {
    ResultsStore store(folder_ / name);
    run(store, plan_sample(store, trials));
    EXPECT_TRUE(store.database().close_cleanly());
    return folder_ / name;
  }

  ScratchDir folder_;
};

void finish(ResultsStore& store, TrialId trial, double error, std::int64_t now_ms = 1000) {
  run_sample(store,
             trial,
             {HelloRecord{.environment_hash = "e", .environment_json = "{}"},
              sample_epoch(1, error),
              FinishedRecord{.best_epoch = 1, .metrics = {{"test_error", error}}}},
             now_ms);
}

TEST_F(MergeTest, ShardsOfAnArrayAddUpToTheWhole) {
  const auto first = make("a.db", 3, [](ResultsStore& store, const std::vector<TrialId>& trials) {
    finish(store, trials[0], 5);
  });
  const auto second = make("b.db", 4, [](ResultsStore& store, const std::vector<TrialId>& trials) {
    finish(store, trials[1], 6);
    finish(store, trials[3], 7);
  });
  ResultsStore target(folder_ / "glimpse.db");
  EXPECT_EQ(merge(target.database(), first).trials, 3);
  const MergeOutcome outcome = merge(target.database(), second);
  EXPECT_EQ(outcome.studies, 0);
  EXPECT_EQ(outcome.trials, 1);
  EXPECT_EQ(outcome.attempts, 2);
  EXPECT_EQ(outcome.metrics, 6);
  EXPECT_EQ(outcome.conflicts, 0);
  EXPECT_TRUE(AttemptMoves(target.database()).list().empty());
  EXPECT_EQ(
      rows_of(target.database(), "SELECT position, state, objective FROM v_plan ORDER BY position"),
      (std::vector<std::string>{"0\tdone\t5", "1\tdone\t6", "2\tpending\t-", "3\tdone\t7"}));
  EXPECT_EQ(verify_results(target.database()), std::vector<std::string>{});
}

TEST_F(MergeTest, ChangesNothingTheSecondTime) {
  const auto source = make("a.db", 3, [](ResultsStore& store, const std::vector<TrialId>& trials) {
    finish(store, trials[0], 5);
    run_sample(store, trials[1], {sample_epoch(1, 3)});
  });
  ResultsStore target(folder_ / "glimpse.db");
  merge(target.database(), source);
  const Content once = content_of(target.database());
  const MergeOutcome again = merge(target.database(), source);
  EXPECT_EQ(again.studies + again.trials + again.attempts + again.metrics + again.conflicts, 0);
  EXPECT_EQ(content_of(target.database()), once);
}

TEST_F(MergeTest, NeverChangesTheSource) {
  const auto source = make("a.db", 3, [](ResultsStore& store, const std::vector<TrialId>& trials) {
    finish(store, trials[0], 5);
  });
  const std::string before = tests::load_bytes(source);
  ResultsStore target(folder_ / "glimpse.db");
  merge(target.database(), source);
  EXPECT_EQ(tests::load_bytes(source), before);
  EXPECT_FALSE(std::filesystem::exists(source.string() + "-wal"));
}

// A shard whose job was killed: its last commits are in the log beside the file.
TEST_F(MergeTest, TakesTheLogOfACrashedSourceIn) {
  const std::filesystem::path crashed = folder_ / "crashed#1?.db";
  {
    ResultsStore store(folder_ / "a.db");
    finish(store, plan_sample(store, 2)[0], 5);
    std::filesystem::copy_file(folder_ / "a.db", crashed);
    std::filesystem::copy_file(folder_ / "a.db-wal", crashed.string() + "-wal");
  }
  const std::string before = tests::load_bytes(crashed);
  ResultsStore target(folder_ / "glimpse.db");
  EXPECT_EQ(merge(target.database(), crashed).attempts, 1);
  EXPECT_EQ(tests::load_bytes(crashed), before);
}

TEST_F(MergeTest, NumbersAttemptsByTheirStarts) {
  const auto later = make("a.db", 1, [](ResultsStore& store, const std::vector<TrialId>& trials) {
    run_sample(store, trials[0], {sample_epoch(1, 5), PreemptedRecord{}}, 2000);
  });
  const auto sooner = make("b.db", 1, [](ResultsStore& store, const std::vector<TrialId>& trials) {
    run_sample(store, trials[0], {sample_epoch(1, 5), PreemptedRecord{}}, 1000);
  });
  ResultsStore target(folder_ / "glimpse.db");
  merge(target.database(), later);
  merge(target.database(), sooner);
  EXPECT_EQ(rows_of(target.database(), "SELECT attempt, started_ms FROM v_attempts ORDER BY 1"),
            (std::vector<std::string>{"1\t1000", "2\t2000"}));
  const std::vector<AttemptMove> moves = AttemptMoves(target.database()).list();
  ASSERT_EQ(moves.size(), 1U);
  EXPECT_EQ(moves[0].run_id, sample_key(0).substr(0, 32));
  EXPECT_EQ(moves[0].from, 1U);
  EXPECT_EQ(moves[0].to, 2U);
}

TEST_F(MergeTest, WaitsForTheFoldersOfAMergeThatWasCutOff) {
  const auto later = make("a.db", 1, [](ResultsStore& store, const std::vector<TrialId>& trials) {
    run_sample(store, trials[0], {PreemptedRecord{}}, 2000);
  });
  const auto sooner = make("b.db", 1, [](ResultsStore& store, const std::vector<TrialId>& trials) {
    run_sample(store, trials[0], {PreemptedRecord{}}, 1000);
  });
  ResultsStore target(folder_ / "glimpse.db");
  merge(target.database(), later);
  merge(target.database(), sooner);
  EXPECT_THROW(merge(target.database(), later), StorageError) << "into a folder in between";
  ResultsStore other(folder_ / "other.db");
  EXPECT_THROW(merge(other.database(), target.database().path()), StorageError) << "from one";
  AttemptMoves moves(target.database());
  EXPECT_FALSE(moves.are_aside());
  moves.set_aside();
  EXPECT_TRUE(moves.are_aside());
  moves.clear();
  EXPECT_EQ(merge(other.database(), target.database().path()).attempts, 2);
}

TEST_F(MergeTest, KeepsTheLargerOfTwoValuesAndTellsTheOther) {
  const auto good = make("a.db", 1, [](ResultsStore& store, const std::vector<TrialId>& trials) {
    finish(store, trials[0], 5);
  });
  const auto bad = make("b.db", 1, [](ResultsStore& store, const std::vector<TrialId>& trials) {
    finish(store, trials[0], 6);
  });
  for (const auto& [first, second] : {std::pair(good, bad), std::pair(bad, good)}) {
    ResultsStore target(folder_ / (first.stem().string() + "-first.db"));
    merge(target.database(), first);
    EXPECT_EQ(merge(target.database(), second).conflicts, 2);
    EXPECT_EQ(rows_of(target.database(), "SELECT value FROM v_metrics WHERE name = 'valid_error'"),
              std::vector<std::string>{"6"});
    EXPECT_EQ(rows_of(target.database(), "SELECT objective FROM v_trials"),
              std::vector<std::string>{"6"});
    EXPECT_EQ(rows_of(target.database(),
                      "SELECT kind, detail->>'name', detail->>'dropped', time FROM v_events"
                      " ORDER BY 2"),
              (std::vector<std::string>{"nondeterminism\ttest_error\t5\t-",
                                        "nondeterminism\tvalid_error\t5\t-"}));
  }
}

TEST_F(MergeTest, ARunThatEndedElsewhereIsNotRunning) {
  const auto open = make("a.db", 1, [](ResultsStore& store, const std::vector<TrialId>& trials) {
    run_sample(store, trials[0], {sample_epoch(1, 5)}, 1000);
  });
  const auto done = make("b.db", 1, [](ResultsStore& store, const std::vector<TrialId>& trials) {
    finish(store, trials[0], 5, 500);
  });
  ResultsStore target(folder_ / "glimpse.db");
  merge(target.database(), open);
  EXPECT_EQ(rows_of(target.database(), "SELECT state FROM v_trials"),
            std::vector<std::string>{"running"});
  merge(target.database(), done);
  EXPECT_EQ(rows_of(target.database(), "SELECT state FROM v_trials"),
            std::vector<std::string>{"done"});
  EXPECT_EQ(rows_of(target.database(), "SELECT state FROM v_attempts ORDER BY attempt"),
            (std::vector<std::string>{"finished", "lost"}));
  AttemptMoves(target.database()).clear();  // there are no folders
  EXPECT_EQ(verify_results(target.database()), std::vector<std::string>{});
}

// Two shards that were killed on the same trial.
TEST_F(MergeTest, OnlyTheNewestAttemptOfATrialIsRunning) {
  const auto first = make("a.db", 1, [](ResultsStore& store, const std::vector<TrialId>& trials) {
    run_sample(store, trials[0], {sample_epoch(1, 5)}, 1000);
  });
  const auto second = make("b.db", 1, [](ResultsStore& store, const std::vector<TrialId>& trials) {
    run_sample(store, trials[0], {sample_epoch(1, 5)}, 2000);
  });
  ResultsStore target(folder_ / "glimpse.db");
  merge(target.database(), second);
  merge(target.database(), first);
  EXPECT_EQ(rows_of(target.database(), "SELECT attempt, state FROM v_attempts ORDER BY attempt"),
            (std::vector<std::string>{"1\tlost", "2\trunning"}));
  EXPECT_EQ(rows_of(target.database(), "SELECT state FROM v_trials"),
            std::vector<std::string>{"running"});
  AttemptMoves(target.database()).clear();  // there are no folders
  EXPECT_EQ(verify_results(target.database()), std::vector<std::string>{});
}

// The folder that was merged into goes on, and the same source is merged again.
TEST_F(MergeTest, WhatWasDoneAfterAMergeStays) {
  const auto source = make("a.db", 2, [](ResultsStore& store, const std::vector<TrialId>& trials) {
    run_sample(store, trials[0], {FailedRecord{.fault_class = "oom"}});
    store.ledger().fail_trial(trials[0]);
    run_sample(store, trials[1], {CheckpointRecord{.file = "c", .step = 1}, PreemptedRecord{}});
  });
  ResultsStore target(folder_ / "glimpse.db");
  merge(target.database(), source);
  const TrialId failed = target.reader().find_trial(sample_key(0)).value_or(0);
  target.ledger().requeue_trial(failed);
  const TrialId other = target.reader().find_trial(sample_key(1)).value_or(0);
  target.ledger().remove_artifact(target.reader().attempts(other).at(0).attempt, "c");
  EXPECT_EQ(target.reader().removed_files().size(), 1U);
  const Content before = content_of(target.database());
  merge(target.database(), source);
  EXPECT_EQ(content_of(target.database()), before);
  EXPECT_EQ(rows_of(target.database(), "SELECT state FROM v_trials WHERE seed = 1 LIMIT 1"),
            std::vector<std::string>{"pending"});
  EXPECT_EQ(rows_of(target.database(), "SELECT path FROM v_artifacts"), std::vector<std::string>{});
}

// Its host's clock was behind that of the epochs it recorded.
TEST_F(MergeTest, ARecordedEndStandsAboveAPresumedOne) {
  const auto open = make("a.db", 1, [](ResultsStore& store, const std::vector<TrialId>& trials) {
    run_sample(store, trials[0], {sample_epoch(1, 5)}, 9000);
  });
  const auto ended = copy(open, "b.db");
  {
    ResultsStore store(ended);
    store.ledger().end_attempt(store.reader().unfinished_attempts().at(0).attempt,
                               {.state = AttemptState::kFailed, .fault_class = "hung"},
                               9001);
    EXPECT_TRUE(store.database().close_cleanly());
  }
  const auto done = make("c.db", 1, [](ResultsStore& store, const std::vector<TrialId>& trials) {
    finish(store, trials[0], 5, 500);
  });
  for (const auto& order : {std::vector{open, done, ended}, std::vector{ended, open, done}}) {
    ResultsStore target(folder_ / (order[0].stem().string() + "-first.db"));
    for (const std::filesystem::path& source : order) {
      merge(target.database(), source);
      AttemptMoves(target.database()).clear();
    }
    EXPECT_EQ(rows_of(target.database(), "SELECT state, ended_ms FROM v_attempts ORDER BY attempt"),
              (std::vector<std::string>{"finished\t3500", "failed\t9001"}));
  }
}

TEST_F(MergeTest, AnOlderCopyTakesNothingBack) {
  const auto old = make("a.db", 1, [](ResultsStore& store, const std::vector<TrialId>& trials) {
    run_sample(store, trials[0], {sample_epoch(1, 5)}, 1000);
  });
  const auto newer = copy(old, "b.db");
  {
    ResultsStore store(newer);
    const AttemptFacts attempt = store.reader().unfinished_attempts().at(0);
    store.ingest().ingest(attempt.attempt, 2, 3000, FailedRecord{.fault_class = "oom"});
    EXPECT_TRUE(store.database().close_cleanly());
  }
  for (const auto& [first, second] : {std::pair(old, newer), std::pair(newer, old)}) {
    ResultsStore target(folder_ / (first.stem().string() + "-first.db"));
    merge(target.database(), first);
    merge(target.database(), second);
    EXPECT_EQ(rows_of(target.database(), "SELECT state, class, records_taken FROM v_attempts"),
              std::vector<std::string>{"failed\toom\t2"});
    EXPECT_EQ(rows_of(target.database(), "SELECT state FROM v_trials"),
              std::vector<std::string>{"pending"});
  }
}

TEST_F(MergeTest, RefusesWhatItCannotTrustAndTakesNothing) {
  ResultsStore target(folder_ / "glimpse.db");
  plan_sample(target, 1);
  const Content before = content_of(target.database());
  const auto expect = [&](StorageFault fault, const std::filesystem::path& source) {
    try {
      merge(target.database(), source);
      ADD_FAILURE() << source << " was let pass";
    } catch (const StorageError& error) {
      EXPECT_EQ(error.fault(), fault) << error.what();
      EXPECT_NE(std::string(error.what()).find(source.filename().string()), std::string::npos);
    }
    EXPECT_EQ(content_of(target.database()), before);
  };
  expect(StorageFault::kMissing, folder_ / "missing.db");
  expect(StorageFault::kRefused, folder_ / "glimpse.db");
  tests::save_bytes(folder_ / "text.db", std::string(10'000, 'x'));
  expect(StorageFault::kForeign, folder_ / "text.db");
  const auto good = make("a.db", 200, [](ResultsStore& /*store*/, const auto& /*trials*/) {});
  {
    Database database(copy(good, "newer.db"), OpenMode::kReadWrite);
    database.execute("PRAGMA user_version=2");
  }
  expect(StorageFault::kForeign, folder_ / "newer.db");
  std::string bytes = tests::load_bytes(good);
  for (std::size_t i = 8192 * 3; i < bytes.size() && i < 8192 * 12; i += 64) {
    bytes[i] = static_cast<char>(bytes[i] ^ 0x55);
  }
  tests::save_bytes(folder_ / "damaged.db", bytes);
  expect(StorageFault::kDamaged, folder_ / "damaged.db");
}

}  // namespace
}  // namespace glimpse::storage
