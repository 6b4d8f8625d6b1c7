#include "storage/sqlite/snapshot.h"

#include <thread>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "storage/sqlite/results_store.h"
#include "storage/sqlite/transaction.h"
#include "storage/sqlite/verify.h"
#include "storage/storage_error.h"
#include "tests/storage/sqlite/samples.h"
#include "tests/storage/sqlite/scratch_dir.h"
#include "tests/support/temp_dir.h"

namespace glimpse::storage {
namespace {

using tests::content_of;
using tests::plan_sample;
using tests::rows_of;
using tests::ScratchDir;

std::size_t files_in(const std::filesystem::path& folder) {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

TEST(Snapshot, IsOnlyForNetworkFileSystems) {
  const Placement here = pick_placement("/results", false, "/local");
  EXPECT_EQ(here.live, "/results/glimpse.db");
  EXPECT_EQ(here.snapshot, std::nullopt);
  const Placement there = pick_placement("/results", true, "/local");
  EXPECT_EQ(there.live, "/local/glimpse.db");
  EXPECT_EQ(there.snapshot, "/results/glimpse.db");
}

TEST(Snapshot, HoldsWhatIsCommittedAndNeedsNoSideFiles) {
  const ScratchDir local;
  const ScratchDir results;
  ResultsStore store(local / "glimpse.db");
  plan_sample(store, 500);
  publish_snapshot(local / "glimpse.db", results / "glimpse.db");
  EXPECT_EQ(files_in(results.path()), 1U);
  Database reader(results / "glimpse.db", OpenMode::kReadOnly);
  EXPECT_EQ(rows_of(reader, "PRAGMA journal_mode"), std::vector<std::string>{"delete"});
  EXPECT_EQ(content_of(reader), content_of(store.database()));
  EXPECT_EQ(verify_results(reader), std::vector<std::string>{});
  EXPECT_EQ(files_in(results.path()), 1U);
}

TEST(Snapshot, LeavesOutWhatIsNotCommitted) {
  const ScratchDir folder;
  ResultsStore store(folder / "live.db");
  plan_sample(store, 3);
  Transaction open(store.database());
  store.ledger().add_event({.kind = "not yet"});
  publish_snapshot(folder / "live.db", folder / "copy.db");
  Database reader(folder / "copy.db", OpenMode::kReadOnly);
  EXPECT_TRUE(rows_of(reader, "SELECT * FROM v_events").empty());
}

TEST(Snapshot, ReplacesTheOldOneUnderItsReaders) {
  const ScratchDir folder;
  ResultsStore store(folder / "live.db");
  plan_sample(store, 3);
  publish_snapshot(folder / "live.db", folder / "copy.db");
  Database old_reader(folder / "copy.db", OpenMode::kReadOnly);
  EXPECT_EQ(rows_of(old_reader, "SELECT count(*) FROM v_trials"), std::vector<std::string>{"3"});
  plan_sample(store, 5);
  publish_snapshot(folder / "live.db", folder / "copy.db");
  EXPECT_EQ(rows_of(old_reader, "SELECT count(*) FROM v_trials"), std::vector<std::string>{"3"});
  Database reader(folder / "copy.db", OpenMode::kReadOnly);
  EXPECT_EQ(rows_of(reader, "SELECT count(*) FROM v_trials"), std::vector<std::string>{"5"});
}

TEST(Snapshot, BringsALostLiveDatabaseBack) {
  const ScratchDir local;
  const ScratchDir results;
  const Placement placement = pick_placement(results.path(), true, local.path());
  std::map<std::string, std::vector<std::string>> published;
  {
    restore_snapshot(placement);  // a new folder
    ResultsStore store(placement.live);
    plan_sample(store, 3);
    published = content_of(store.database());
    publish_snapshot(placement.live, *placement.snapshot);
    plan_sample(store, 9);  // never published; journals bring it back
  }
  restore_snapshot(placement);
  ResultsStore store(placement.live);
  EXPECT_EQ(content_of(store.database()), published);
}

TEST(Snapshot, CanBeTakenWhileAnotherThreadWrites) {
  const ScratchDir folder;
  ResultsStore store(folder / "live.db");
  plan_sample(store, 100);
  std::atomic<bool> is_over = false;
  std::thread publisher([&] {
    while (!is_over) {
      publish_snapshot(folder / "live.db", folder / "copy.db");
    }
  });
  for (int i = 0; i < 200; ++i) {
    Transaction transaction(store.database());
    store.ledger().add_event({.kind = "a"});
    store.ledger().add_event({.kind = "b"});
    transaction.commit();
  }
  is_over = true;
  publisher.join();
  Database reader(folder / "copy.db", OpenMode::kReadOnly);
  EXPECT_EQ(verify_results(reader), std::vector<std::string>{});
  EXPECT_EQ(rows_of(reader, "SELECT count(*) % 2 FROM v_events"), std::vector<std::string>{"0"});
}

TEST(Snapshot, OfADamagedDatabaseIsNotPublished) {
  const ScratchDir folder;
  tests::save_bytes(folder / "live.db", "no database at all");
  tests::save_bytes(folder / "copy.db", "old");
  EXPECT_THROW(publish_snapshot(folder / "live.db", folder / "copy.db"), StorageError);
  EXPECT_EQ(tests::load_bytes(folder / "copy.db"), "old");
}

}  // namespace
}  // namespace glimpse::storage
