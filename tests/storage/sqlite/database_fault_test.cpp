// Writers that are killed, disks that are full, bytes that are not what was written: on real files,
// with the writer in a process of its own.

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <random>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "storage/sqlite/snapshot.h"
#include "storage/sqlite/verify.h"
#include "storage/storage_error.h"
#include "tests/storage/sqlite/samples.h"
#include "tests/support/child.h"
#include "tests/support/damage.h"
#include "tests/support/io_fault.h"
#include "tests/support/temp_dir.h"

namespace glimpse::tests {
namespace {

using storage::AttemptFacts;
using storage::Database;
using storage::NumberedRecord;
using storage::OpenMode;
using storage::ResultsStore;
using storage::StorageError;
using storage::StorageFault;

constexpr std::int64_t kFirstRecords = 10;  // taken before the fault
constexpr std::int64_t kMoreRecords = 40;   // what the child of a disk campaign adds

AttemptFacts attempt_in(ResultsStore& store) {
  return store.reader().unfinished_attempts().at(0);
}

void take_records(ResultsStore& store, const AttemptFacts& attempt, std::int64_t count) {
  std::vector<NumberedRecord> batch;
  for (std::int64_t i = 1; i <= count; ++i) {
    const std::int64_t number = attempt.records_taken + i;
    batch.push_back({.attempt = attempt.attempt,
                     .number = number,
                     .t_ms = number,
                     .record = sample_epoch(number, 0.5)});
  }
  store.ingest().ingest(batch);
}

void prepare_database(const std::filesystem::path& folder) {
  ResultsStore store(folder / "glimpse.db");
  const auto trials = plan_sample(store, 20);
  store.ledger().start_attempt(trials[0], {.node = "n"}, 1);
  take_records(store, attempt_in(store), kFirstRecords);
  store.database().close_cleanly();
}

// Batches without end; each number goes to stdout once its batch is committed.
void write_for_ever(const std::filesystem::path& path) {
  ResultsStore store(path);
  std::mt19937_64 random(static_cast<std::uint64_t>(::getpid()));
  for (AttemptFacts attempt = attempt_in(store);;) {
    const std::int64_t count = 1 + static_cast<std::int64_t>(random() % 20);
    take_records(store, attempt, count);
    attempt.records_taken += count;
    if (::write(STDOUT_FILENO, &attempt.records_taken, sizeof(attempt.records_taken)) < 0) {
      return;
    }
  }
}

struct Writer {
  pid_t process = -1;
  int acknowledgements = -1;
};

Writer start_writer(const std::filesystem::path& path) {
  std::array<int, 2> pipe{};
  if (::pipe(pipe.data()) != 0) {
    throw std::runtime_error("no pipe");
  }
  std::vector<std::string> command = child_command({"write-for-ever", path.string()});
  std::vector<char*> arguments;
  for (std::string& argument : command) {
    arguments.push_back(argument.data());
  }
  arguments.push_back(nullptr);
  const pid_t process = ::fork();
  if (process == 0) {
    ::dup2(pipe[1], STDOUT_FILENO);
    ::close(pipe[0]);
    ::close(pipe[1]);
    ::execv(arguments[0], arguments.data());
    ::_exit(127);
  }
  ::close(pipe[1]);
  return {.process = process, .acknowledgements = pipe[0]};
}

// The last number that came before the writer was killed, some time after the first one.
std::int64_t kill_writer(const Writer& writer, std::chrono::microseconds delay) {
  std::int64_t number = 0;
  std::int64_t last = 0;
  bool is_killed = false;
  while (::read(writer.acknowledgements, &number, sizeof(number)) == sizeof(number)) {
    last = number;
    if (!is_killed) {
      std::this_thread::sleep_for(delay);
      ::kill(writer.process, SIGKILL);
      is_killed = true;
    }
  }
  ::close(writer.acknowledgements);
  int status = 0;
  ::waitpid(writer.process, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "the writer ended by itself";
  return last;
}

TEST(DatabaseFault, AHundredKilledWritersLoseNothingTheyAcknowledged) {
  const TempDir folder;
  prepare_database(folder.path());
  std::mt19937_64 random(1);
  std::int64_t acknowledged = kFirstRecords;
  for (int i = 0; i < 100; ++i) {
    const Writer writer = start_writer(folder / "glimpse.db");
    const std::int64_t last = kill_writer(writer, std::chrono::microseconds(random() % 20'000));
    ASSERT_GT(last, acknowledged);
    acknowledged = last;
    ResultsStore store(folder / "glimpse.db");
    const std::int64_t taken = attempt_in(store).records_taken;
    ASSERT_GE(taken, acknowledged) << "after " << i << " kills";
    ASSERT_EQ(rows_of(store.database(),
                      "SELECT count(*), max(epoch) FROM v_metrics WHERE name = 'valid_error'"),
              std::vector<std::string>{std::to_string(taken) + "\t" + std::to_string(taken)});
    acknowledged = taken;
  }
  Database database(folder / "glimpse.db", OpenMode::kReadOnly);
  EXPECT_EQ(storage::verify_results(database), std::vector<std::string>{});
  RecordProperty("records", static_cast<int>(acknowledged));
}

FaultCampaign database_campaign(const std::string& action) {
  return {.action = action,
          .operations = "write,sync,truncate,create",
          .prepare = prepare_database,
          .command = [](const std::filesystem::path& folder) {
            return child_command({"add-records", (folder / "glimpse.db").string()});
          }};
}

// What is there is the old state or the new one, whole, and the database goes on working.
void expect_usable(const std::filesystem::path& folder, int& old_ones) {
  ResultsStore store(folder / "glimpse.db");
  ASSERT_EQ(storage::verify_results(store.database()), std::vector<std::string>{});
  const AttemptFacts attempt = attempt_in(store);
  ASSERT_TRUE(attempt.records_taken == kFirstRecords ||
              attempt.records_taken == kFirstRecords + kMoreRecords)
      << attempt.records_taken;
  old_ones += attempt.records_taken == kFirstRecords ? 1 : 0;
  take_records(store, attempt, 5);
  ASSERT_EQ(attempt_in(store).records_taken, attempt.records_taken + 5);
}

void expect_clean_errors(const std::string& action,
                         const std::string& operations,
                         const std::set<int>& exit_codes) {
  int old_ones = 0;
  int refusals = 0;
  FaultCampaign campaign = database_campaign(action);
  campaign.operations = operations;
  campaign.judge = [&](const std::filesystem::path& folder, const ChildResult& result) {
    // After the commit SQLite only tidies up, and says nothing when that finds no room.
    if (result.exit_code != 0) {
      ++refusals;
      EXPECT_TRUE(exit_codes.contains(result.exit_code)) << action << ": " << result.output;
      EXPECT_NE(result.output.find("glimpse.db"), std::string::npos) << result.output;
    }
    expect_usable(folder, old_ones);
  };
  EXPECT_GT(fail_every_operation(campaign), 2U) << action;
  EXPECT_GT(refusals, 0) << action;
  EXPECT_GT(old_ones, 0) << action;
}

TEST(DatabaseFault, AFullDiskAtEachWriteIsACleanErrorAndLeavesTheOldState) {
  for (const std::string action : {"ENOSPC", "EDQUOT", "fill"}) {
    expect_clean_errors(action, "write,truncate", {exit_code_of(StorageFault::kDiskFull)});
  }
}

// Here SQLite does not always pass on why the system said no.
TEST(DatabaseFault, NoRoomAtASyncOrForANewFileIsACleanErrorAndLeavesTheOldState) {
  for (const std::string action : {"ENOSPC", "EIO"}) {
    expect_clean_errors(action,
                        "sync,create",
                        {exit_code_of(StorageFault::kDiskFull),
                         exit_code_of(StorageFault::kIo),
                         exit_code_of(StorageFault::kRefused)});
  }
}

TEST(DatabaseFault, AKillAtEachFileOperationLeavesTheOldOrTheNewState) {
  for (const std::string action : {"kill", "tear"}) {
    int old_ones = 0;
    FaultCampaign campaign = database_campaign(action);
    campaign.operations = "write,sync,truncate,create,remove";
    campaign.judge = [&](const std::filesystem::path& folder, const ChildResult& result) {
      EXPECT_EQ(result.signal, SIGKILL);
      expect_usable(folder, old_ones);
    };
    EXPECT_GT(fail_every_operation(campaign), 5U) << action;
    EXPECT_GT(old_ones, 2) << action;
  }
}

TEST(DatabaseFault, AFullDiskLeavesTheOldSnapshot) {
  FaultCampaign campaign = database_campaign("ENOSPC");
  campaign.operations = "write,sync,truncate,rename,create";
  campaign.prepare = [](const std::filesystem::path& folder) {
    prepare_database(folder);
    save_bytes(folder / "snapshot.db", "old");
  };
  campaign.command = [](const std::filesystem::path& folder) {
    return child_command({"publish", folder.string()});
  };
  int old_ones = 0;
  campaign.judge = [&](const std::filesystem::path& folder, const ChildResult& result) {
    if (load_bytes(folder / "snapshot.db") == "old") {
      ++old_ones;
      EXPECT_TRUE(result.exit_code == exit_code_of(StorageFault::kDiskFull) ||
                  result.exit_code == exit_code_of(StorageFault::kIo))
          << result.output;
      return;
    }
    Database snapshot(folder / "snapshot.db", OpenMode::kReadOnly);
    EXPECT_EQ(storage::verify_results(snapshot), std::vector<std::string>{});
  };
  EXPECT_GT(fail_every_operation(campaign), 3U);
  EXPECT_GT(old_ones, 2);
}

enum class Verdict { kNamed, kSame, kSilent };

Verdict judge_bytes(const std::filesystem::path& path, const Content& expected) {
  try {
    Database database(path, OpenMode::kReadOnly);
    if (!storage::verify_results(database).empty()) {
      return Verdict::kNamed;
    }
    return content_of(database) == expected ? Verdict::kSame : Verdict::kSilent;
  } catch (const StorageError& error) {
    EXPECT_NE(std::string(error.what()).find(path.string()), std::string::npos) << error.what();
    return Verdict::kNamed;
  }
}

// SQLite's pages have no checksums: a changed digit within a value is a value. What must never
// happen is a crash or a hang, and structure that is broken has to be named.
TEST(DatabaseFault, DamagedBytesNeverCrashTheReader) {
  const TempDir folder;
  prepare_database(folder.path());
  const std::string bytes = load_bytes(folder / "glimpse.db");
  Content expected;
  {
    Database database(folder / "glimpse.db", OpenMode::kReadOnly);
    expected = content_of(database);
  }
  std::array<int, 3> flips{};
  for (const Damage& damage : plan_damage(bytes, 1)) {
    save_bytes(folder / "damaged.db", apply_damage(bytes, damage));
    const Verdict verdict = judge_bytes(folder / "damaged.db", expected);
    if (damage.kind == Damage::Kind::kFlip) {
      ++flips.at(static_cast<std::size_t>(verdict));
    } else {
      EXPECT_NE(verdict, Verdict::kSilent) << render_damage(damage);
    }
  }
  RecordProperty("flips_named", flips[0]);
  RecordProperty("flips_without_effect", flips[1]);
  RecordProperty("flips_taken_for_values", flips[2]);
  std::mt19937_64 random(2);
  for (int i = 0; i < 500; ++i) {
    save_bytes(folder / "damaged.db", mutate(bytes, random));
    judge_bytes(folder / "damaged.db", expected);
  }
}

}  // namespace

int run_child(const std::vector<std::string>& arguments) {
  const std::string& name = arguments.at(0);
  const std::filesystem::path path = arguments.at(1);
  if (name == "write-for-ever") {
    write_for_ever(path);
  } else if (name == "add-records") {
    ResultsStore store(path);
    take_records(store, attempt_in(store), kMoreRecords);
    store.database().close_cleanly();
  } else if (name == "publish") {
    storage::publish_snapshot(path / "glimpse.db", path / "snapshot.db");
  } else {
    throw std::invalid_argument("no child called " + name);
  }
  return 0;
}

}  // namespace glimpse::tests
