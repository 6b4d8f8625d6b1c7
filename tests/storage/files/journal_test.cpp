#include "storage/files/journal.h"

#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "storage/files/xxh3.h"
#include "tests/storage/files/journal_samples.h"
#include "tests/support/temp_dir.h"

namespace glimpse::storage {
namespace {

namespace fs = std::filesystem;
using tests::load_bytes;
using tests::read_all;
using tests::Record;
using tests::save_bytes;
using tests::TempDir;
using tests::write_journal;

std::string error_of(JournalReader& reader) {
  try {
    read_all(reader);
  } catch (const StorageError& error) {
    EXPECT_EQ(error.fault(), StorageFault::kDamaged);
    return error.what();
  }
  return {};
}

std::string error_of(const fs::path& path) {
  JournalReader reader(path);
  return error_of(reader);
}

TEST(Journal, WritesItsDocumentedLine) {
  const TempDir dir;
  JournalWriter writer(dir / "journal.jsonl");
  EXPECT_EQ(writer.append(1700000000000, "{\"epoch\":3}"), 1U);
  const std::string covered = "{\"n\":1,\"t_ms\":1700000000000,\"record\":{\"epoch\":3}";
  EXPECT_EQ(load_bytes(dir / "journal.jsonl"),
            covered + ",\"xxh3\":\"" + render_hash(xxh3(covered)) + "\"}\n");
}

TEST(Journal, GivesBackWhatWasWritten) {
  const TempDir dir;
  const auto records = write_journal(dir / "j", 2000);
  JournalReader reader(dir / "j");
  EXPECT_EQ(read_all(reader), records);
  EXPECT_EQ(reader.last_number(), 2000U);
  EXPECT_FALSE(reader.has_torn_tail());
  EXPECT_NO_THROW(reader.check_reaches(2000));
}

TEST(Journal, TakesTextThatLooksLikeItsOwnEnd) {
  const TempDir dir;
  const std::string record = R"({"m":"a\"b,\"xxh3\":\"0123456789abcdef\"}"})";
  JournalWriter(dir / "j").append(0, record);
  EXPECT_EQ(read_all(dir / "j"), (std::vector<Record>{{1, 0, record}}));
}

TEST(Journal, TakesRecordsUpToTheirLimitAndNoLonger) {
  const TempDir dir;
  JournalWriter writer(dir / "j");
  const std::string longest(kMaxRecordBytes, 'x');
  writer.append(1, longest);
  writer.append(2, longest);
  EXPECT_THROW(writer.append(3, longest + "x"), StorageError);
  writer.append(3, "{}");
  EXPECT_EQ(read_all(dir / "j"),
            (std::vector<Record>{{1, 1, longest}, {2, 2, longest}, {3, 3, "{}"}}));
}

TEST(Journal, RefusesARecordThatIsNotOneLine) {
  const TempDir dir;
  JournalWriter writer(dir / "j");
  EXPECT_THROW(writer.append(1, "{\n}"), StorageError);
  EXPECT_THROW(writer.append(1, ""), StorageError);
  EXPECT_THROW(writer.append(-1, "{}"), StorageError);
  EXPECT_EQ(load_bytes(dir / "j"), "");
}

TEST(Journal, HasOneWriterForItsLife) {
  const TempDir dir;
  write_journal(dir / "j", 3);
  try {
    JournalWriter writer(dir / "j");
    FAIL() << "opened a journal that has been written";
  } catch (const StorageError& error) {
    EXPECT_EQ(error.fault(), StorageFault::kRefused);
  }
  EXPECT_EQ(read_all(dir / "j").size(), 3U);
}

TEST(Journal, IsFollowedWhileItGrows) {
  const TempDir dir;
  JournalWriter writer(dir / "j");
  JournalReader reader(dir / "j");
  EXPECT_FALSE(reader.next().has_value());
  writer.append(1, "{\"a\":1}");
  EXPECT_EQ(reader.next()->record, "{\"a\":1}");
  EXPECT_FALSE(reader.next().has_value());
  writer.append(2, "{\"b\":1}");
  EXPECT_EQ(reader.next()->record, "{\"b\":1}");
  EXPECT_FALSE(reader.has_torn_tail());
}

TEST(Journal, ReportsATornTailAndLeavesItOut) {
  const TempDir dir;
  auto records = write_journal(dir / "j", 5);
  const std::string whole = load_bytes(dir / "j");
  records.pop_back();
  const std::size_t last_line = whole.rfind('\n', whole.size() - 2) + 1;
  for (std::size_t size = last_line + 1; size < whole.size(); ++size) {
    save_bytes(dir / "j", whole.substr(0, size));
    JournalReader reader(dir / "j");
    EXPECT_EQ(read_all(reader), records);
    EXPECT_TRUE(reader.has_torn_tail());
    EXPECT_NO_THROW(reader.check_reaches(4));
    EXPECT_THROW(reader.check_reaches(5), StorageError);
  }
}

TEST(Journal, TakesOnlyTheBeginningOfItsNextLineForATornTail) {
  const TempDir dir;
  write_journal(dir / "j", 3);
  const std::string whole = load_bytes(dir / "j");
  for (const std::string& tail : {std::string(1, '\0'),
                                  std::string(40'000, '\0'),
                                  std::string(100'000, '\0'),
                                  std::string("{\"n\":5,"),
                                  std::string("{\"n\":4,\"t_mx"),
                                  std::string("x")}) {
    save_bytes(dir / "j", whole + tail);
    EXPECT_NE(error_of(dir / "j").find("line 4"), std::string::npos) << tail.size();
  }
  save_bytes(dir / "j", whole + R"({"n":4,"t_ms":12)");
  EXPECT_EQ(error_of(dir / "j"), "");
}

TEST(Journal, NamesFileAndLineOfDamageEachTimeItIsAsked) {
  const TempDir dir;
  write_journal(dir / "j", 5);
  std::string bytes = load_bytes(dir / "j");
  bytes[bytes.find("\"epoch\":2") + 8] = '7';
  save_bytes(dir / "j", bytes);
  JournalReader reader(dir / "j");
  const std::string expected =
      "read journal " + (dir / "j").string() +
      ": line 3: its hash does not match (damaged; records 1 to 2 are whole)";
  EXPECT_EQ(error_of(reader), expected);
  EXPECT_EQ(error_of(reader), expected);
}

TEST(Journal, FindsLinesThatAreMissingRepeatedOrSwapped) {
  const TempDir dir;
  write_journal(dir / "j", 3);
  std::vector<std::string> lines;
  std::ifstream file(dir / "j");
  for (std::string line; std::getline(file, line);) {
    lines.push_back(line + "\n");
  }
  for (const std::string& bytes : {lines[0] + lines[2],
                                   lines[1] + lines[2],
                                   lines[0] + lines[0] + lines[1],
                                   lines[0] + lines[2] + lines[1]}) {
    save_bytes(dir / "j", bytes);
    EXPECT_NE(error_of(dir / "j").find("numbered"), std::string::npos) << bytes;
  }
}

// A line that was made by hand, with a hash that fits.
TEST(Journal, RefusesForeignLinesWithARightHash) {
  const TempDir dir;
  for (const std::string covered : {"",
                                    "{}",
                                    "{\"n\":1",
                                    "{\"n\":1,\"t_ms\":99999999999999999999,\"record\":{}",
                                    "{\"n\": 1,\"t_ms\":1,\"record\":{}",
                                    "{\"n\":-1,\"t_ms\":1,\"record\":{}"}) {
    save_bytes(dir / "j", covered + ",\"xxh3\":\"" + render_hash(xxh3(covered)) + "\"}\n");
    EXPECT_NE(error_of(dir / "j").find("not a journal line"), std::string::npos) << covered;
  }
}

TEST(Journal, StopsReadingALineWithoutEnd) {
  const TempDir dir;
  save_bytes(dir / "j", std::string(10'000'000, 'x'));
  EXPECT_NE(error_of(dir / "j").find("longer than any record"), std::string::npos);
}

}  // namespace
}  // namespace glimpse::storage
