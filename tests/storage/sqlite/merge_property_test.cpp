// Merges of generated databases, in many orders. Which databases are made follows from a seed
// alone; GLIMPSE_MERGE_CASES sets how many are tried.

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "storage/sqlite/attempt_moves.h"
#include "storage/sqlite/merge.h"
#include "storage/sqlite/verify.h"
#include "tests/storage/sqlite/samples.h"
#include "tests/storage/sqlite/scratch_dir.h"

namespace glimpse::storage {
namespace {

using tests::Content;
using tests::content_of;
using tests::difference;
using tests::run_sample;
using tests::sample_epoch;
using tests::sample_key;
using tests::ScratchDir;

using Pick = std::function<int(int)>;  // a number from 0 to one below the limit

std::vector<Record> some_records(const Pick& pick) {
  std::vector<Record> records;
  const int epochs = pick(4);
  for (int epoch = 1; epoch <= epochs; ++epoch) {
    EpochRecord record = sample_epoch(epoch, 10 - epoch + (pick(5) == 0 ? pick(3) : 0));
    record.metrics.push_back(
        {"m" + std::to_string(pick(4)),
         pick(4) == 0 ? std::numeric_limits<double>::infinity() : double(pick(3))});
    records.emplace_back(record);
  }
  if (pick(3) == 0) {
    records.emplace_back(CheckpointRecord{.file = "c", .step = 1, .epoch = 1});
  }
  const Record ends[] = {
      FinishedRecord{.outcome = pick(2) == 0 ? Outcome::kCompleted : Outcome::kDiverged,
                     .best_epoch = 1 + pick(3),
                     .metrics = {{"test_error", double(pick(2))}}},
      FailedRecord{.fault_class = "oom", .message = "m"},
      StoppedRecord{},
      PreemptedRecord{},
      ProgressRecord{}};
  records.emplace_back(ends[pick(5)]);
  return records;
}

// One thing that may happen to a trial, by any clock.
void step(ResultsStore& store, TrialId trial, const std::string& state, const Pick& pick) {
  Ledger& ledger = store.ledger();
  if (state == "pending") {
    if (pick(8) == 0) {
      pick(2) == 0 ? ledger.fail_trial(trial) : ledger.cancel_trial(trial);
    } else {
      run_sample(store, trial, some_records(pick), 1000 + pick(1000));
    }
  } else if (state == "running" && pick(2) == 0) {
    const AttemptState ends[] = {
        AttemptState::kLost, AttemptState::kFailed, AttemptState::kPreempted};
    ledger.end_attempt(store.reader().attempts(trial).back().attempt,
                       {.state = ends[pick(3)], .fault_class = "hung", .message = "e"},
                       pick(9000));
  } else if ((state == "failed" || state == "cancelled") && pick(3) > 0) {
    ledger.requeue_trial(trial);
  }
  for (const AttemptFacts& attempt : store.reader().attempts(trial)) {
    if (pick(4) == 0) {
      ledger.remove_artifact(attempt.attempt, "c");
    }
  }
}

// A database as an array element may leave it: some of the plan, attempts at any stage, runs that
// disagree, values that are not finite, names of its own, trials that were taken up again.
void fill(ResultsStore& store, std::mt19937_64& random) {
  store.database().execute("PRAGMA synchronous=OFF");  // hundreds of databases, none must last
  const Pick pick = [&](int limit) { return static_cast<int>(random() % std::uint64_t(limit)); };
  const char* const studies[] = {"x", "y"};
  for (int plan = 0; plan < 2; ++plan) {
    StudyEntry study = tests::sample_study(studies[pick(2)]);
    study.text_hash = std::string(32, static_cast<char>('0' + pick(3)));
    study.metric = study.name == "x" ? "valid_error" : "train_loss";
    const tests::SamplePlan sample(static_cast<std::size_t>(1 + pick(5)),
                                   static_cast<std::uint64_t>(pick(3)));
    store.ledger().add_plan(study, sample.entries(), 100 + pick(50));
  }
  for (int i = 0; i < 12; ++i) {
    const std::string key = sample_key(static_cast<std::uint64_t>(pick(7)));
    const auto states =
        tests::rows_of(store.database(), "SELECT state FROM trials WHERE key = '" + key + "'");
    if (!states.empty()) {
      step(store, store.reader().find_trial(key).value_or(0), states[0], pick);
    }
  }
  store.ledger().add_event({.kind = "note", .t_ms = pick(100)});
}

Content merged(const std::vector<std::filesystem::path>& sources) {
  const ScratchDir folder;
  ResultsStore target(folder / "glimpse.db");
  target.database().execute("PRAGMA synchronous=OFF");
  for (const std::filesystem::path& source : sources) {
    merge(target.database(), source);
    AttemptMoves(target.database()).clear();  // there are no folders
  }
  EXPECT_EQ(verify_results(target.database()), std::vector<std::string>{});
  return content_of(target.database());
}

// Three databases, and a later copy of the first, which goes on from the same attempts.
std::vector<std::filesystem::path> make_sources(const ScratchDir& folder, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<std::filesystem::path> paths;
  for (const char* name : {"a.db", "b.db", "c.db", "d.db"}) {
    paths.push_back(folder / name);
    if (paths.size() == 4) {
      std::filesystem::copy_file(paths[0], paths[3]);
    }
    ResultsStore store(paths.back());
    fill(store, random);
    for (const AttemptFacts& open : store.reader().unfinished_attempts()) {
      if (paths.size() == 4) {
        store.ingest().ingest(
            open.attempt, open.records_taken + 1, 5000, FinishedRecord{.best_epoch = 1});
      }
    }
    EXPECT_TRUE(store.database().close_cleanly());
  }
  return paths;
}

int cases() {
  const char* count = std::getenv("GLIMPSE_MERGE_CASES");
  return count == nullptr ? 25 : std::atoi(count);
}

TEST(MergeProperty, TheOrderAndNumberOfMergesShowInNoView) {
  for (int seed = 0; seed < cases(); ++seed) {
    const ScratchDir folder;
    const auto paths = make_sources(folder, static_cast<std::uint64_t>(seed));
    const auto &a = paths[0], &b = paths[1], &c = paths[2], &d = paths[3];
    const Content expected = merged({a, b, c, d});
    ASSERT_EQ(difference(expected, merged({d, c, b, a})), "") << "seed " << seed;
    ASSERT_EQ(difference(expected, merged({c, a, a, d, b, c, a})), "") << "seed " << seed;
  }
}

}  // namespace
}  // namespace glimpse::storage
