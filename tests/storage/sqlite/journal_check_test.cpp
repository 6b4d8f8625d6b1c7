#include "storage/sqlite/journal_check.h"

#include <limits>

#include <gtest/gtest.h>

#include "tests/storage/sqlite/samples.h"
#include "tests/storage/sqlite/scratch_dir.h"

namespace glimpse::storage {
namespace {

using tests::plan_sample;
using tests::run_sample;
using tests::sample_epoch;
using tests::sample_key;
using tests::ScratchDir;

constexpr std::int64_t kNow = 1'700'000'000'000;

class JournalCheckTest : public ::testing::Test {
 protected:
  // The database and the journal get the same records.
  void run(const std::vector<Record>& records) {
    const StartedAttempt started = run_sample(store_, trial_, records, kNow);
    std::vector<NumberedRecord>& journal = journals_[started.number];
    for (const Record& record : records) {
      const auto number = static_cast<std::int64_t>(journal.size()) + 1;
      journal.push_back({started.attempt, number, kNow + number * 1000, record});
    }
  }
  std::vector<std::string> differences() {
    const auto rows = load_run_rows(store_.database(), sample_key(0).substr(0, 32));
    return find_differences(rows.value(), journals_);
  }

  ScratchDir folder_;
  ResultsStore store_{folder_ / "glimpse.db"};
  TrialId trial_ = plan_sample(store_, 1).at(0);
  RunJournals journals_;
};

TEST_F(JournalCheckTest, FindsNothingInWhatRecordsOfAllKindsLeft) {
  run({HelloRecord{.environment_hash = "e1", .environment_json = R"({"host":"h"})"},
       sample_epoch(1, 50),
       sample_epoch(2, std::numeric_limits<double>::quiet_NaN()),
       CheckpointRecord{.file = "step-2", .step = 20, .epoch = 2, .bytes = 7, .xxh3 = "ab"},
       FailedRecord{.fault_class = "oom", .message = "m"}});
  run({StartedRecord{}, sample_epoch(2, 40), PreemptedRecord{.message = "away"}});
  run({sample_epoch(2, 41), ProgressRecord{}, StoppedRecord{}});
  EXPECT_EQ(differences(), std::vector<std::string>());
  run({sample_epoch(3, 45),
       FinishedRecord{.outcome = Outcome::kPruned,
                      .metrics = {{"test_error", 41}, {"test_error_last", 46}}}});
  EXPECT_EQ(differences(), std::vector<std::string>());
}

TEST_F(JournalCheckTest, LetsARunThatDivergedHaveNoObjective) {
  run({sample_epoch(1, 50), FinishedRecord{.outcome = Outcome::kDiverged, .best_epoch = 1}});
  EXPECT_EQ(differences(), std::vector<std::string>());
  store_.database().execute("UPDATE trials SET objective = 50");
  EXPECT_EQ(differences(),
            std::vector<std::string>{"objective is 50, but a diverged run has none"});
}

TEST_F(JournalCheckTest, WaitsForRecordsThatAreNotTakenYet) {
  run({sample_epoch(1, 50)});
  journals_[1].push_back({1, 2, kNow + 2000, FinishedRecord{}});
  EXPECT_EQ(differences(), std::vector<std::string>());
}

TEST_F(JournalCheckTest, SaysNothingOfWhatAMissingJournalMayHaveTold) {
  run({sample_epoch(1, 50), StoppedRecord{}});
  run({sample_epoch(2, 40), FinishedRecord{}});
  journals_.erase(1);
  EXPECT_EQ(differences(), std::vector<std::string>());
  store_.database().execute("UPDATE metrics SET value = 39 WHERE value = 40");
  EXPECT_EQ(differences().at(0), "epoch 2: valid_error is 39, but 40 in the journal");
}

TEST_F(JournalCheckTest, NamesRowsThatStandOnOneSideAlone) {
  run({sample_epoch(1, 50), FinishedRecord{}});
  store_.database().execute("UPDATE epochs SET epoch = 5");
  EXPECT_EQ(differences(),
            (std::vector<std::string>{
                "attempt 1: epoch 1: its row is in the journal, but not in the database",
                "attempt 1: epoch 5: its row is in the database, but not in the journal"}));
}

TEST_F(JournalCheckTest, NamesAnEndThatNobodyRecorded) {
  run({sample_epoch(1, 50), StoppedRecord{}});
  store_.database().execute("UPDATE attempts SET state = 'finished'");
  EXPECT_EQ(
      differences(),
      std::vector<std::string>{"attempt 1: state is \"finished\", but \"stopped\" in the journal"});
}

}  // namespace
}  // namespace glimpse::storage
