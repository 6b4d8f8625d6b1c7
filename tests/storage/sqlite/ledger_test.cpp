#include "storage/sqlite/ledger.h"

#include <gtest/gtest.h>

#include "storage/sqlite/verify.h"
#include "storage/storage_error.h"
#include "tests/storage/sqlite/samples.h"
#include "tests/storage/sqlite/scratch_dir.h"

namespace glimpse::storage {
namespace {

using tests::plan_sample;
using tests::rows_of;
using tests::run_sample;
using tests::sample_epoch;
using tests::sample_key;
using tests::sample_study;
using tests::SamplePlan;
using tests::ScratchDir;

constexpr std::int64_t kNow = 1'700'000'000'000;

class LedgerTest : public ::testing::Test {
 protected:
  Ledger& ledger() { return store_.ledger(); }
  const LedgerReader& reader() { return store_.reader(); }

  ScratchDir folder_;
  ResultsStore store_{folder_ / "glimpse.db"};
};

template <class Action>
std::string refusal(StorageFault fault, Action action) {
  try {
    action();
  } catch (const StorageError& error) {
    EXPECT_EQ(error.fault(), fault) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "was let pass";
  return "";
}

TEST_F(LedgerTest, LinksKnownKeysInsteadOfRepeatingThem) {
  const SamplePlan first(4);
  const SamplePlan second(6, 2);
  const PlanOutcome a = ledger().add_plan(sample_study("a"), first.entries(), kNow);
  const PlanOutcome b = ledger().add_plan(sample_study("b"), second.entries(), kNow);
  EXPECT_EQ(a.inserted, 4U);
  EXPECT_EQ(a.linked, 0U);
  EXPECT_EQ(b.inserted, 4U);
  EXPECT_EQ(b.linked, 2U);
  EXPECT_EQ(rows_of(store_.database(), "SELECT count(*) FROM v_trials"),
            std::vector<std::string>{"8"});
  EXPECT_EQ(reader().trials(b.study).size(), 6U);
  EXPECT_EQ(rows_of(store_.database(),
                    "SELECT study, studies FROM v_trials WHERE studies LIKE '%a%b%' LIMIT 1"),
            std::vector<std::string>{"a\t[\"a\",\"b\"]"});
}

TEST_F(LedgerTest, PlanningAgainChangesNothing) {
  const SamplePlan plan(5);
  ledger().add_plan(sample_study(), plan.entries(), kNow);
  const auto before = rows_of(store_.database(), "SELECT * FROM v_plan ORDER BY position");
  EXPECT_EQ(ledger().add_plan(sample_study(), plan.entries(), kNow).linked, 5U);
  EXPECT_EQ(rows_of(store_.database(), "SELECT * FROM v_plan ORDER BY position"), before);
}

TEST_F(LedgerTest, LaterStagesFollowBehindTheEarlierOnes) {
  const SamplePlan first(3);
  const SamplePlan all(5);
  ledger().add_plan(sample_study(), first.entries(), kNow);
  const StudyId study = ledger().add_plan(sample_study(), all.entries(), kNow).study;
  std::vector<std::string> keys;
  for (const TrialFacts& trial : reader().trials(study)) {
    keys.push_back(trial.key);
  }
  EXPECT_EQ(keys,
            (std::vector<std::string>{
                sample_key(0), sample_key(1), sample_key(2), sample_key(3), sample_key(4)}));
}

TEST_F(LedgerTest, AnEditedTextIsANewRevision) {
  const SamplePlan plan(2);
  StudyEntry study = sample_study();
  ledger().add_plan(study, plan.entries(), kNow);
  study.text_hash = std::string(32, 'f');
  const StudyId newer = ledger().add_plan(study, plan.entries(), kNow).study;
  EXPECT_EQ(reader().find_study("table1").value().study, newer);
  EXPECT_EQ(rows_of(store_.database(),
                    "SELECT revision, is_newest, trials FROM v_studies ORDER BY revision"),
            (std::vector<std::string>{"1\t0\t2", "2\t1\t2"}));
  EXPECT_EQ(rows_of(store_.database(), "SELECT count(*) FROM v_plan"),
            std::vector<std::string>{"2"});
  EXPECT_EQ(reader().find_study("other"), std::nullopt);
}

TEST_F(LedgerTest, GoingBackToAnOldTextMakesItTheNewestAgain) {
  const SamplePlan plan(1);
  const StudyId old = ledger().add_plan(sample_study(), plan.entries(), kNow).study;
  StudyEntry edited = sample_study();
  edited.text_hash = std::string(32, 'f');
  ledger().add_plan(edited, plan.entries(), kNow);
  ledger().add_plan(sample_study(), plan.entries(), kNow);
  EXPECT_EQ(reader().find_study("table1").value().study, old);
}

TEST_F(LedgerTest, APlanIsTakenWholeOrNotAtAll) {
  const SamplePlan plan(3);
  std::vector<PlannedTrialEntry> trials = plan.entries();
  trials.back().key = "not a key";
  EXPECT_THROW(ledger().add_plan(sample_study(), trials, kNow), StorageError);
  EXPECT_EQ(rows_of(store_.database(), "SELECT count(*) FROM v_trials"),
            std::vector<std::string>{"0"});
  EXPECT_EQ(reader().find_study("table1"), std::nullopt);
}

TEST_F(LedgerTest, RefusesSeedsThatDoNotFit) {
  const SamplePlan plan(1);
  std::vector<PlannedTrialEntry> trials = plan.entries();
  trials.front().seed = ~std::uint64_t{0};
  EXPECT_THROW(ledger().add_plan(sample_study(), trials, kNow), StorageError);
}

TEST_F(LedgerTest, AttemptsAreNumberedFromOneAndStartInOrder) {
  const TrialId trial = plan_sample(store_, 1).front();
  const StartedAttempt first = ledger().start_attempt(trial, {.node = "n1", .slot = 0}, kNow);
  ledger().end_attempt(first.attempt, {.state = AttemptState::kLost}, kNow + 10);
  // The clock went back by an hour.
  const StartedAttempt second =
      ledger().start_attempt(trial, {.node = "n2", .slot = 1}, kNow - 3'600'000);
  EXPECT_EQ(first.number, 1);
  EXPECT_EQ(second.number, 2);
  EXPECT_EQ(
      rows_of(store_.database(), "SELECT count(DISTINCT uid), min(length(uid)) FROM attempts"),
      std::vector<std::string>{"2\t32"});
  const std::vector<AttemptFacts> attempts = reader().attempts(trial);
  ASSERT_EQ(attempts.size(), 2U);
  EXPECT_LT(attempts[0].started_ms, attempts[1].started_ms);
  EXPECT_EQ(attempts[0].state, AttemptState::kLost);
  EXPECT_EQ(attempts[1].node, "n2");
}

TEST_F(LedgerTest, OnlyPendingTrialsStart) {
  const TrialId trial = plan_sample(store_, 1).front();
  ledger().start_attempt(trial, {.node = "n1", .slot = 0}, kNow);
  refusal(StorageFault::kRefused, [&] { ledger().start_attempt(trial, {}, kNow); });
  refusal(StorageFault::kRefused, [&] { ledger().start_attempt(12345, {}, kNow); });
  EXPECT_EQ(reader().attempts(trial).size(), 1U) << "a refused start leaves nothing behind";
}

TEST_F(LedgerTest, AnAttemptEndsOnce) {
  const TrialId trial = plan_sample(store_, 1).front();
  const StartedAttempt started = ledger().start_attempt(trial, {.node = "n", .slot = 0}, kNow);
  const AttemptEnd end = {
      .state = AttemptState::kFailed, .fault_class = "hung", .message = "no word for 60 s"};
  ledger().end_attempt(started.attempt, end, kNow + 5);
  refusal(StorageFault::kRefused, [&] { ledger().end_attempt(started.attempt, end, kNow + 6); });
  EXPECT_EQ(rows_of(store_.database(), "SELECT class, message, trial_state FROM v_failures"),
            std::vector<std::string>{"hung\tno word for 60 s\tpending"});
}

TEST_F(LedgerTest, StatesAddUpToThePlan) {
  const std::vector<TrialId> trials = plan_sample(store_, 6);
  const StudyId study = reader().find_study("table1").value().study;
  ledger().start_attempt(trials[0], {.node = "n", .slot = 0}, kNow);
  run_sample(store_, trials[1], {sample_epoch(1, 5), FinishedRecord{.best_epoch = 1}});
  run_sample(store_, trials[2], {FinishedRecord{.outcome = Outcome::kDiverged}});
  ledger().fail_trial(trials[3]);
  ledger().cancel_trial(trials[4]);
  const StateCounts counts = reader().counts(study);
  EXPECT_EQ(counts.planned, 6);
  EXPECT_EQ(counts.count(TrialState::kRunning), 1);
  EXPECT_EQ(counts.count(TrialState::kDone), 2);
  EXPECT_EQ(counts.diverged, 1);
  EXPECT_EQ(counts.count(TrialState::kFailed), 1);
  EXPECT_EQ(counts.count(TrialState::kCancelled), 1);
  EXPECT_EQ(counts.count(TrialState::kPending), 1);
  ASSERT_EQ(reader().trials(study, TrialState::kPending).size(), 1U);
  EXPECT_EQ(reader().trials(study, TrialState::kPending).front().trial, trials[5]);
  EXPECT_EQ(verify_results(store_.database()), std::vector<std::string>{});
}

TEST_F(LedgerTest, MovesBetweenStatesOnlyWhereItMakesSense) {
  const std::vector<TrialId> trials = plan_sample(store_, 2);
  run_sample(store_, trials[0], {FinishedRecord{}});
  for (const TrialId done : {trials[0]}) {
    refusal(StorageFault::kRefused, [&] { ledger().fail_trial(done); });
    refusal(StorageFault::kRefused, [&] { ledger().cancel_trial(done); });
    refusal(StorageFault::kRefused, [&] { ledger().requeue_trial(done); });
  }
  ledger().fail_trial(trials[1]);
  ledger().requeue_trial(trials[1]);
  ledger().cancel_trial(trials[1]);
  ledger().requeue_trial(trials[1]);
  EXPECT_EQ(ledger().start_attempt(trials[1], {}, kNow).number, 1);
}

TEST_F(LedgerTest, FindsARunByAUniquePrefix) {
  plan_sample(store_, 40);
  const std::string key = sample_key(3);
  EXPECT_EQ(reader().pick_run(key.substr(0, 12)).key, key);
  EXPECT_EQ(reader().pick_run(key.substr(0, 32)).key, key);
  EXPECT_EQ(reader().pick_run(key).key, key);
  EXPECT_NE(refusal(StorageFault::kMissing, [&] { (void)reader().pick_run("ffffffffffff"); })
                .find("ffffffffffff"),
            std::string::npos);
  refusal(StorageFault::kMissing, [&] { (void)reader().pick_run("x' OR 1"); });
  refusal(StorageFault::kMissing, [&] { (void)reader().pick_run(""); });
  const std::string text =
      refusal(StorageFault::kRefused, [&] { (void)reader().pick_run(key.substr(0, 1)); });
  EXPECT_NE(text.find(key.substr(0, 32)), std::string::npos) << text;
}

TEST_F(LedgerTest, GivesTheBestValueOfWhatAStudyAimsAt) {
  const TrialId trial = plan_sample(store_, 1).front();
  run_sample(store_,
             trial,
             {sample_epoch(1, 5), sample_epoch(2, 3), sample_epoch(3, 4), FinishedRecord{}});
  const TrialBest best = reader().best(sample_key(0), {.metric = "valid_error"}).value();
  EXPECT_EQ(best.state, TrialState::kDone);
  EXPECT_EQ(best.outcome, Outcome::kCompleted);
  EXPECT_EQ(best.best, 3);
  EXPECT_EQ(reader().best(sample_key(9), {.metric = "valid_error"}), std::nullopt);
}

TEST_F(LedgerTest, GivesTheBestValueOfWhatNoStudyAimsAt) {
  const TrialId trial = plan_sample(store_, 1).front();
  run_sample(store_,
             trial,
             {sample_epoch(1, 5), sample_epoch(2, 3), FinishedRecord{.metrics = {{"late", 3.5}}}});
  const auto best = [&](std::string_view metric, bool is_maximized) {
    return reader().best(sample_key(0), {metric, is_maximized}).value().best;
  };
  EXPECT_EQ(best("valid_error", true), 5);
  EXPECT_EQ(best("late", false), 3.5);
  EXPECT_EQ(best("other", false), std::nullopt);
}

TEST_F(LedgerTest, GivesTheBestValueWhateverTheFirstStudyOfATrialAimsAt) {
  const TrialId trial = plan_sample(store_, 1).front();
  StudyEntry second = sample_study("second");
  second.metric = "train_loss";
  const SamplePlan plan(1);
  store_.ledger().add_plan(second, plan.entries(), 1);
  run_sample(store_, trial, {sample_epoch(1, 5), sample_epoch(2, 3), FinishedRecord{}});
  EXPECT_EQ(reader().best(sample_key(0), {.metric = "train_loss"}).value().best, 0.5);
  EXPECT_EQ(reader().best(sample_key(0), {.metric = "valid_error"}).value().best, 3);
}

TEST_F(LedgerTest, UnfinishedAttemptsAreWhatAStartHasToIngest) {
  const std::vector<TrialId> trials = plan_sample(store_, 2);
  run_sample(store_, trials[0], {FinishedRecord{}});
  const StartedAttempt open = run_sample(store_, trials[1], {sample_epoch(1, 5)});
  const std::vector<AttemptFacts> unfinished = reader().unfinished_attempts();
  ASSERT_EQ(unfinished.size(), 1U);
  EXPECT_EQ(unfinished.front().attempt, open.attempt);
  EXPECT_EQ(unfinished.front().records_taken, 1);
  EXPECT_EQ(unfinished.front().run_id, sample_key(1).substr(0, 32));
}

TEST_F(LedgerTest, ArtifactsAreNamedByTheirPlaceInTheFolder) {
  const TrialId trial = plan_sample(store_, 1).front();
  const StartedAttempt started = ledger().start_attempt(trial, {.node = "n", .slot = 0}, kNow);
  ledger().add_artifact(started.attempt, {.kind = "crops", .file = "crops.h5"});
  const std::string run = sample_key(0).substr(0, 32);
  EXPECT_EQ(
      rows_of(store_.database(), "SELECT path FROM v_artifacts"),
      std::vector<std::string>{"runs/" + run.substr(0, 2) + "/" + run + "/attempt-1/crops.h5"});
  ledger().remove_artifact(started.attempt, "crops.h5");
  EXPECT_TRUE(rows_of(store_.database(), "SELECT path FROM v_artifacts").empty());
}

TEST_F(LedgerTest, EventsShowTheirTimeAsText) {
  ledger().add_event(
      {.kind = "node_excluded", .detail_json = R"({"node":"n7"})", .t_ms = kNow + 7});
  EXPECT_EQ(rows_of(store_.database(), "SELECT kind, time, time_ms FROM v_events"),
            std::vector<std::string>{"node_excluded\t2023-11-14T22:13:20.007Z\t1700000000007"});
}

TEST_F(LedgerTest, VerifyNamesWhatCannotBe) {
  const std::vector<TrialId> trials = plan_sample(store_, 2);
  run_sample(store_, trials[0], {sample_epoch(1, 5), FinishedRecord{}});
  EXPECT_EQ(verify_results(store_.database()), std::vector<std::string>{});
  const std::vector<std::string> plants = {
      "INSERT INTO metrics VALUES (777, 1, 1, 0.5)",
      "INSERT INTO metrics VALUES (1, 5, 777, 0.5)",
      "INSERT INTO timings VALUES (777, 1, 1, 0.5)",
      "INSERT INTO epochs VALUES (777, 1, 1, '')",
      "UPDATE attempts SET number = 2",
      "UPDATE trials SET state = 'running' WHERE state = 'pending'",
      "UPDATE trials SET state = 'done', outcome = 'completed' WHERE state = 'pending'",
      "DELETE FROM study_trials",
      "PRAGMA foreign_keys=OFF; DELETE FROM trials WHERE state = 'done'"};
  for (const std::string& plant : plants) {
    const ScratchDir folder;
    store_.database().execute("VACUUM INTO '" + (folder / "copy.db").string() + "'");
    Database copy(folder / "copy.db", OpenMode::kReadWrite);
    copy.execute(plant);
    EXPECT_FALSE(verify_results(copy).empty()) << plant;
  }
}

}  // namespace
}  // namespace glimpse::storage
