#include "storage/sqlite/database_thread.h"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <future>
#include <memory>

#include <gtest/gtest.h>

#include "storage/sqlite/results_store.h"
#include "storage/sqlite/statement.h"
#include "storage/storage_error.h"
#include "tests/storage/sqlite/samples.h"
#include "tests/storage/sqlite/scratch_dir.h"
#include "tests/support/temp_dir.h"

namespace glimpse::storage {
namespace {

using tests::rows_of;
using tests::ScratchDir;

void add_event(ResultsStore& store, const std::string& kind) {
  store.ledger().add_event({.kind = kind});
}

// Holds the thread in a job of its own, so that all jobs posted meanwhile share the next group.
class Gate {
 public:
  explicit Gate(DatabaseThread& thread) {
    auto begun = std::make_shared<std::promise<void>>();
    std::future<void> is_held = begun->get_future();
    held_ = thread.submit([begun, opened = open_.get_future().share()](ResultsStore& /*store*/) {
      begun->set_value();
      opened.wait();
    });
    is_held.wait();
  }
  void open() {
    open_.set_value();
    held_.get();
  }

 private:
  std::promise<void> open_;
  std::future<void> held_;
};

std::vector<std::string> event_kinds(const std::filesystem::path& path) {
  Database reader(path, OpenMode::kReadOnly);
  return rows_of(reader, "SELECT kind FROM v_events ORDER BY kind");
}

TEST(DatabaseThread, AnswersWhenAJobIsDurable) {
  const ScratchDir folder;
  DatabaseThread thread(folder / "glimpse.db");
  EXPECT_EQ(thread
                .submit([](ResultsStore& store) {
                  add_event(store, "a");
                  return 7;
                })
                .get(),
            7);
  EXPECT_EQ(event_kinds(folder / "glimpse.db"), std::vector<std::string>{"a"});
  EXPECT_TRUE(thread.close());
  EXPECT_FALSE(std::filesystem::exists(folder / "glimpse.db-wal"));
}

TEST(DatabaseThread, HandsErrorsToTheCallerAndUndoesThatJobAlone) {
  const ScratchDir folder;
  DatabaseThread thread(folder / "glimpse.db");
  Gate gate(thread);
  auto first = thread.submit([](ResultsStore& store) { add_event(store, "first"); });
  auto bad = thread.submit([](ResultsStore& store) {
    add_event(store, "bad");
    store.ledger().fail_trial(12345);
  });
  auto last = thread.submit([](ResultsStore& store) { add_event(store, "last"); });
  gate.open();
  EXPECT_NO_THROW(first.get());
  EXPECT_THROW(bad.get(), StorageError);
  EXPECT_NO_THROW(last.get());
  EXPECT_EQ(event_kinds(folder / "glimpse.db"), (std::vector<std::string>{"first", "last"}));
}

TEST(DatabaseThread, AFailedCommitFailsAllThatSharedIt) {
  const ScratchDir folder;
  DatabaseThread thread(folder / "glimpse.db");
  Gate gate(thread);
  auto first = thread.submit([](ResultsStore& store) { add_event(store, "first"); });
  // A constraint that is looked at only by the commit.
  auto second = thread.submit([](ResultsStore& store) {
    store.database().execute(
        "PRAGMA defer_foreign_keys=ON; INSERT INTO events (kind, trial) VALUES ('x', 777)");
  });
  gate.open();
  EXPECT_THROW(first.get(), StorageError);
  EXPECT_THROW(second.get(), StorageError);
  EXPECT_NO_THROW(thread.submit([](ResultsStore& store) { add_event(store, "after"); }).get());
  EXPECT_EQ(event_kinds(folder / "glimpse.db"), std::vector<std::string>{"after"});
}

// SQLite rolls back by itself then, the jobs before it too.
TEST(DatabaseThread, AFullDatabaseFailsAllThatSharedTheCommit) {
  const ScratchDir folder;
  DatabaseThread thread(folder / "glimpse.db");
  thread
      .submit([](ResultsStore& store) {
        add_event(store, "before");
        store.database().execute("PRAGMA max_page_count=1");  // no more than there are
      })
      .get();
  Gate gate(thread);
  auto first = thread.submit([](ResultsStore& store) { add_event(store, "first"); });
  auto large = thread.submit([](ResultsStore& store) {
    store.ledger().add_event({.detail_json = '"' + std::string(1 << 20, 'x') + '"'});
  });
  auto last = thread.submit([](ResultsStore& store) { add_event(store, "last"); });
  gate.open();
  for (std::future<void>* job : {&first, &large, &last}) {
    try {
      job->get();
      ADD_FAILURE() << "was said to be durable";
    } catch (const StorageError& error) {
      EXPECT_EQ(error.fault(), StorageFault::kDiskFull) << error.what();
    }
  }
  EXPECT_EQ(event_kinds(folder / "glimpse.db"), std::vector<std::string>{"before"});
  thread.submit([](ResultsStore& store) { add_event(store, "after"); }).get();
  EXPECT_EQ(event_kinds(folder / "glimpse.db"), (std::vector<std::string>{"after", "before"}));
}

TEST(DatabaseThread, JobsThatWaitTogetherShareACommit) {
  const ScratchDir folder;
  DatabaseThread thread(folder / "glimpse.db");
  Gate gate(thread);
  std::atomic<int> seen_outside = -1;
  constexpr int kJobs = 100;
  for (int i = 0; i < kJobs; ++i) {
    thread.post([](ResultsStore& store) { add_event(store, "x"); },
                [&](const std::exception_ptr& /*error*/) {
                  if (seen_outside < 0) {  // the first answer: all of the group are visible
                    seen_outside = static_cast<int>(event_kinds(folder / "glimpse.db").size());
                  }
                });
  }
  EXPECT_GE(thread.queued(), std::size_t{kJobs});
  gate.open();
  thread.close();
  EXPECT_EQ(seen_outside, kJobs);
}

// A query that takes long must not hold up the thread that posts.
TEST(DatabaseThread, PostingNeverWaits) {
  const ScratchDir folder;
  DatabaseThread thread(folder / "glimpse.db");
  Gate gate(thread);
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 10'000; ++i) {
    thread.post([](ResultsStore& /*store*/) {}, [](const std::exception_ptr& /*error*/) {});
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(1));
  gate.open();
}

TEST(DatabaseThread, RunsWhatIsQueuedBeforeItEnds) {
  const ScratchDir folder;
  {
    DatabaseThread thread(folder / "glimpse.db");
    for (int i = 0; i < 50; ++i) {
      thread.post([](ResultsStore& store) { add_event(store, "x"); },
                  [](const std::exception_ptr& /*error*/) {});
    }
  }
  EXPECT_EQ(event_kinds(folder / "glimpse.db").size(), 50U);
}

TEST(DatabaseThread, ThrowsWhatOpeningThrew) {
  const ScratchDir folder;
  tests::save_bytes(folder / "glimpse.db", std::string(5000, 'x'));
  EXPECT_THROW(DatabaseThread(folder / "glimpse.db"), StorageError);
}

TEST(DatabaseThread, RefusesPostsAfterItsEnd) {
  const ScratchDir folder;
  DatabaseThread thread(folder / "glimpse.db");
  thread.close();
  EXPECT_THROW(thread.submit([](ResultsStore& /*store*/) {}), StorageError);
}

}  // namespace
}  // namespace glimpse::storage
