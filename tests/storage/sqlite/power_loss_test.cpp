// What survives when the power goes at any moment, on a disk that keeps the promises of fsync and
// no others. The negative control shows that the simulated disk does lose what was not synced.

#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "storage/sqlite/schema.h"
#include "storage/sqlite/verify.h"
#include "storage/storage_error.h"
#include "tests/storage/sqlite/power_loss_vfs.h"
#include "tests/storage/sqlite/samples.h"

namespace glimpse::storage {
namespace {

using tests::PowerLossVfs;
using tests::rows_of;

constexpr const char* kPath = "/power-loss/glimpse.db";
constexpr int kCrashes = 100;

// Small, so that a short history meets checkpoints of the log too.
constexpr const char* kSmallLog = "PRAGMA wal_autocheckpoint=20";

// Writes batches until the power goes, and says up to which record they were acknowledged.
std::int64_t write_until_the_power_goes(const char* durability, std::mt19937_64& random) {
  std::int64_t acknowledged = 0;
  try {
    ResultsStore store(kPath);
    store.database().execute(std::string(kSmallLog) + ";" + durability);
    const TrialId trial = tests::plan_sample(store, 3).front();
    const AttemptId attempt = store.ledger().start_attempt(trial, {.node = "n"}, 1).attempt;
    for (;;) {
      std::vector<NumberedRecord> batch;
      for (std::uint64_t i = 0; i < 1 + random() % 8; ++i) {
        const auto number = acknowledged + static_cast<std::int64_t>(batch.size()) + 1;
        batch.push_back({.attempt = attempt,
                         .number = number,
                         .t_ms = number,
                         .record = tests::sample_epoch(number, 0.5)});
      }
      store.ingest().ingest(batch);
      acknowledged += static_cast<std::int64_t>(batch.size());
    }
  } catch (const StorageError& error) {
    EXPECT_EQ(error.fault(), StorageFault::kIo) << error.what();
  }
  return acknowledged;
}

struct Losses {
  int histories = 0;  // with acknowledged records missing
  int damaged = 0;    // where verify finds something
};

Losses crash_again_and_again(const char* durability) {
  Losses losses;
  for (int seed = 0; seed < kCrashes; ++seed) {
    std::mt19937_64 random(static_cast<std::uint64_t>(seed));
    PowerLossVfs disk;
    disk.cut_power_at(60 + random() % 600);
    const std::int64_t acknowledged = write_until_the_power_goes(durability, random);
    EXPECT_FALSE(disk.has_power());
    disk.restore_power(random());
    try {
      ResultsStore store(kPath);
      const auto taken = rows_of(store.database(), "SELECT records_taken FROM v_attempts");
      const std::int64_t found = taken.empty() ? 0 : std::stoll(taken.front());
      const auto rows =
          rows_of(store.database(), "SELECT count(*) FROM v_metrics WHERE name = 'valid_error'");
      losses.histories += found < acknowledged ? 1 : 0;
      losses.damaged +=
          !verify_results(store.database()).empty() || std::stoll(rows.front()) != found ? 1 : 0;
    } catch (const StorageError&) {
      ++losses.damaged;
    }
  }
  return losses;
}

TEST(PowerLoss, TakesNothingThatWasAcknowledged) {
  const Losses losses = crash_again_and_again("PRAGMA synchronous=FULL");
  EXPECT_EQ(losses.histories, 0);
  EXPECT_EQ(losses.damaged, 0);
}

TEST(PowerLoss, WouldTakeAcknowledgedRowsWithoutFullSync) {
  const Losses losses = crash_again_and_again("PRAGMA synchronous=NORMAL");
  EXPECT_GT(losses.histories, kCrashes / 4);
  RecordProperty("histories_with_losses", losses.histories);
}

TEST(PowerLoss, WouldDamageTheFileWithoutAnySync) {
  const Losses losses = crash_again_and_again("PRAGMA synchronous=OFF");
  EXPECT_GT(losses.histories + losses.damaged, kCrashes / 4);
}

// The power goes at the first write of making a database, at the second, and so on.
TEST(PowerLoss, LeavesAnEmptyOrAWholeSchema) {
  bool is_over = false;
  std::uint64_t crashes = 0;
  while (!is_over) {
    PowerLossVfs disk;
    disk.cut_power_at(++crashes);
    try {
      ResultsStore store(kPath);
      store.database().close();
      is_over = true;
    } catch (const StorageError&) {
    }
    disk.restore_power(crashes);
    ResultsStore store(kPath);
    ASSERT_EQ(verify_results(store.database()), std::vector<std::string>{}) << crashes;
    ASSERT_EQ(tests::plan_sample(store, 1).size(), 1U);
  }
  EXPECT_GT(crashes, 10U);
}

TEST(PowerLoss, LeavesTheOldOrTheNewVersionAtEveryStepOfAMigration) {
  auto steps = migrations();
  steps.push_back(
      {.version = kSchemaVersion + 1,
       .sql = "CREATE TABLE added (a INTEGER) STRICT; ALTER TABLE events ADD COLUMN extra TEXT;"
              "UPDATE trials SET arm = 'x'; DROP VIEW v_events;"});
  std::uint64_t crashes = 0;
  int old_ones = 0;
  for (bool is_over = false; !is_over;) {
    PowerLossVfs disk;
    {
      ResultsStore store(kPath);
      tests::plan_sample(store, 200);
      store.database().close();
    }
    disk.cut_power_at(++crashes);
    try {
      Database database(kPath, OpenMode::kCreate);
      migrate(database, steps);
      is_over = true;
    } catch (const StorageError&) {
    }
    disk.cut_power();
    disk.restore_power(crashes);
    Database database(kPath, OpenMode::kCreate);
    const auto version = rows_of(database, "PRAGMA user_version").front();
    const auto changed = rows_of(database, "SELECT count(*) FROM trials WHERE arm = 'x'").front();
    old_ones += version == "1" ? 1 : 0;
    ASSERT_EQ(changed, version == "1" ? "0" : "200") << "crash " << crashes;
    ASSERT_EQ(rows_of(database, "PRAGMA integrity_check").front(), "ok");
    migrate(database, steps);
  }
  EXPECT_GT(crashes, 3U);
  EXPECT_GT(old_ones, 0);
}

}  // namespace
}  // namespace glimpse::storage
