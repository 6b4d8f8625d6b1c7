#include "storage/sqlite/database.h"

#include <filesystem>
#include <optional>

#include <gtest/gtest.h>

#include "storage/sqlite/statement.h"
#include "storage/sqlite/transaction.h"
#include "storage/storage_error.h"
#include "tests/storage/sqlite/samples.h"
#include "tests/storage/sqlite/scratch_dir.h"
#include "tests/support/temp_dir.h"

namespace glimpse::storage {
namespace {

using tests::rows_of;
using tests::ScratchDir;

StorageFault fault_of_opening(const std::filesystem::path& path, OpenMode mode) {
  try {
    Database database(path, mode);
    database.execute("SELECT count(*) FROM sqlite_schema");
  } catch (const StorageError& error) {
    EXPECT_NE(std::string(error.what()).find(path.string()), std::string::npos) << error.what();
    EXPECT_EQ(std::string(error.what()).rfind("open results ", 0), 0U) << error.what();
    return error.fault();
  }
  ADD_FAILURE() << "opened " << path;
  return StorageFault::kIo;
}

TEST(Database, IsNotMadeByReaders) {
  const ScratchDir folder;
  EXPECT_EQ(fault_of_opening(folder / "x.db", OpenMode::kReadOnly), StorageFault::kMissing);
  EXPECT_EQ(fault_of_opening(folder / "x.db", OpenMode::kReadWrite), StorageFault::kMissing);
  EXPECT_FALSE(std::filesystem::exists(folder / "x.db"));
}

TEST(Database, RefusesWhatIsNoDatabase) {
  const ScratchDir folder;
  tests::save_bytes(folder / "x.db", std::string(5000, 'x'));
  EXPECT_EQ(fault_of_opening(folder / "x.db", OpenMode::kReadOnly), StorageFault::kForeign);
}

TEST(Database, SyncsEveryCommitOfItsWriteAheadLog) {
  const ScratchDir folder;
  Database database(folder / "x.db", OpenMode::kCreate);
  EXPECT_EQ(rows_of(database, "PRAGMA journal_mode"), std::vector<std::string>{"wal"});
  EXPECT_EQ(rows_of(database, "PRAGMA synchronous"), std::vector<std::string>{"2"});
  EXPECT_EQ(rows_of(database, "PRAGMA foreign_keys"), std::vector<std::string>{"1"});
}

TEST(Database, LeavesOneFileThatNeedsNoSideFiles) {
  const ScratchDir folder;
  Database database(folder / "x.db", OpenMode::kCreate);
  database.execute("CREATE TABLE t (a); INSERT INTO t VALUES (1)");
  EXPECT_TRUE(database.close_cleanly());
  EXPECT_FALSE(std::filesystem::exists(folder / "x.db-wal"));
  EXPECT_FALSE(std::filesystem::exists(folder / "x.db-shm"));
  Database reader(folder / "x.db", OpenMode::kReadOnly);
  EXPECT_EQ(rows_of(reader, "PRAGMA journal_mode"), std::vector<std::string>{"delete"});
  EXPECT_EQ(rows_of(reader, "SELECT a FROM t"), std::vector<std::string>{"1"});
}

TEST(Database, SaysWhenAReaderKeepsTheLogAlive) {
  const ScratchDir folder;
  Database database(folder / "x.db", OpenMode::kCreate);
  database.execute("PRAGMA busy_timeout=0; CREATE TABLE t (a); INSERT INTO t VALUES (1)");
  Database reader(folder / "x.db", OpenMode::kReadOnly);
  EXPECT_EQ(rows_of(reader, "SELECT a FROM t"), std::vector<std::string>{"1"});
  EXPECT_FALSE(database.close_cleanly());
  EXPECT_EQ(rows_of(reader, "SELECT a FROM t"), std::vector<std::string>{"1"});
}

TEST(Database, ReadersCannotWrite) {
  const ScratchDir folder;
  Database database(folder / "x.db", OpenMode::kCreate);
  database.execute("CREATE TABLE t (a)");
  Database reader(folder / "x.db", OpenMode::kReadOnly);
  EXPECT_THROW(reader.execute("INSERT INTO t VALUES (1)"), StorageError);
}

// A report that stands in the middle of its rows must not stop a sweep.
TEST(Database, AReaderInTheMiddleOfItsRowsDoesNotHoldUpTheWriter) {
  const ScratchDir folder;
  Database database(folder / "x.db", OpenMode::kCreate);
  database.execute(
      "PRAGMA busy_timeout=0; CREATE TABLE t (a);"
      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)"
      " INSERT INTO t SELECT i FROM n");
  Database reader(folder / "x.db", OpenMode::kReadOnly);
  Statement select(reader, "SELECT a FROM t");
  Rows rows = select.query();
  ASSERT_TRUE(rows.next());
  for (int i = 0; i < 100; ++i) {
    Transaction transaction(database);
    database.execute("INSERT INTO t VALUES (0)");
    transaction.commit();
  }
  int seen = 1;
  while (rows.next()) {
    ++seen;
  }
  EXPECT_EQ(seen, 10000) << "the reader sees the state it began with";
  EXPECT_EQ(rows_of(reader, "SELECT count(*) FROM t"), std::vector<std::string>{"10100"});
}

TEST(Statement, BindsAndReadsEveryType) {
  const ScratchDir folder;
  Database database(folder / "x.db", OpenMode::kCreate);
  Statement statement(database, "SELECT ?1, ?2, ?3, ?4, ?5");
  Rows rows = statement.query(7, 0.5, std::string_view("a\0b", 3), nullptr, std::string_view());
  ASSERT_TRUE(rows.next());
  EXPECT_EQ(rows.integer(0), 7);
  EXPECT_EQ(rows.real(1), 0.5);
  EXPECT_EQ(rows.text(2), std::string("a\0b", 3));
  EXPECT_TRUE(rows.is_null(3));
  EXPECT_EQ(rows.maybe_real(3), std::nullopt);
  EXPECT_FALSE(rows.is_null(4));
  EXPECT_FALSE(rows.next());
}

TEST(Statement, TakesExactlyOneStatement) {
  const ScratchDir folder;
  Database database(folder / "x.db", OpenMode::kCreate);
  EXPECT_NO_THROW(Statement(database, "SELECT 1; \n"));
  EXPECT_THROW(Statement(database, "SELECT 1; SELECT 2"), StorageError);
  EXPECT_THROW(Statement(database, ""), StorageError);
  EXPECT_THROW(Statement(database, std::string_view("SELECT 1\0; DROP TABLE t", 22)), StorageError);
}

class Transactions : public ::testing::Test {
 protected:
  void SetUp() override { database_.execute("CREATE TABLE t (a)"); }
  std::vector<std::string> rows() { return rows_of(database_, "SELECT a FROM t ORDER BY a"); }

  ScratchDir folder_;
  Database database_{folder_ / "x.db", OpenMode::kCreate};
};

TEST_F(Transactions, LeaveNothingWithoutACommit) {
  {
    Transaction transaction(database_);
    database_.execute("INSERT INTO t VALUES (1)");
  }
  EXPECT_TRUE(rows().empty());
  EXPECT_EQ(database_.rollbacks(), 1U);
}

TEST_F(Transactions, ArePartsOfAnother) {
  Transaction outer(database_);
  database_.execute("INSERT INTO t VALUES (1)");
  {
    Transaction inner(database_);
    database_.execute("INSERT INTO t VALUES (2)");
    inner.commit();
  }
  outer.commit();
  EXPECT_EQ(rows(), (std::vector<std::string>{"1", "2"}));
}

TEST_F(Transactions, CannotBeCommittedWithoutAPart) {
  {
    Transaction outer(database_);
    database_.execute("INSERT INTO t VALUES (1)");
    {
      const Transaction inner(database_);
      database_.execute("INSERT INTO t VALUES (2)");
    }
    EXPECT_THROW(outer.commit(), std::logic_error);
  }
  EXPECT_TRUE(rows().empty());
  Transaction next(database_);
  database_.execute("INSERT INTO t VALUES (3)");
  next.commit();
  EXPECT_EQ(rows(), std::vector<std::string>{"3"});
}

TEST_F(Transactions, UndoASavepointAlone) {
  Transaction outer(database_);
  database_.execute("INSERT INTO t VALUES (1)");
  {
    const Savepoint part(database_);
    const Transaction inner(database_);
    database_.execute("INSERT INTO t VALUES (2)");
  }
  {
    Savepoint part(database_);
    database_.execute("INSERT INTO t VALUES (3)");
    part.commit();
  }
  outer.commit();
  EXPECT_EQ(rows(), (std::vector<std::string>{"1", "3"}));
}

TEST_F(Transactions, TakeTheWriteLockAtOnce) {
  Database other(database_.path(), OpenMode::kReadWrite);
  other.execute("PRAGMA busy_timeout=0");
  Transaction transaction(database_);
  try {
    Transaction second(other);
    FAIL() << "two writers";
  } catch (const StorageError& error) {
    EXPECT_EQ(error.fault(), StorageFault::kBusy);
  }
}

TEST(Database, TakesEveryNameForAFile) {
  const ScratchDir folder;
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  std::filesystem::create_directories("file:x?mode=memory");
  {
    Database database("file:x?mode=memory/a.db", OpenMode::kCreate);
    database.execute("CREATE TABLE t (a)");
    database.close();
  }
  EXPECT_GT(std::filesystem::file_size("file:x?mode=memory/a.db"), 0U);
  std::filesystem::current_path(before);
}

}  // namespace
}  // namespace glimpse::storage
