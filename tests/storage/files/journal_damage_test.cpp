#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "storage/files/journal.h"
#include "tests/storage/files/journal_samples.h"
#include "tests/support/damage.h"
#include "tests/support/temp_dir.h"

namespace glimpse::tests {
namespace {

namespace fs = std::filesystem;
using storage::JournalReader;
using storage::StorageError;

// What a reader can say about one damaged journal; false when it says nothing although the records
// differ.
bool is_noticed(const fs::path& path, const std::vector<Record>& original) {
  JournalReader reader(path);
  std::vector<Record> records;
  std::string damage;
  try {
    while (const auto entry = reader.next()) {
      records.emplace_back(entry->number, entry->t_ms, std::string(entry->record));
    }
    reader.check_reaches(original.size());
  } catch (const StorageError& error) {
    damage = error.what();
    const std::string line = ": line " + std::to_string(records.size() + 1) + ":";
    EXPECT_NE(damage.find(path.string() + line), std::string::npos) << damage;
  }
  EXPECT_LE(records.size(), original.size());
  EXPECT_TRUE(std::equal(records.begin(), records.end(), original.begin()));
  return !damage.empty();
}

TEST(JournalDamage, IsNeverSilent) {
  const TempDir dir;
  const auto original = write_journal(dir / "j", 800);
  const std::string bytes = load_bytes(dir / "j");
  EXPECT_FALSE(is_noticed(dir / "j", original));  // the undamaged one
  std::size_t silent = 0;
  for (const auto& damage : plan_damage(bytes, 1)) {
    save_bytes(dir / "j", apply_damage(bytes, damage));
    if (!is_noticed(dir / "j", original)) {
      ++silent;
      ADD_FAILURE() << render_damage(damage);
    }
  }
  EXPECT_EQ(silent, 0U);
}

// The one cut that the file itself cannot show.
TEST(JournalDamage, CutBetweenLinesIsFoundByTheNumberReadBefore) {
  const TempDir dir;
  write_journal(dir / "j", 5);
  std::string bytes = load_bytes(dir / "j");
  bytes.resize(bytes.rfind('\n', bytes.size() - 2) + 1);
  save_bytes(dir / "j", bytes);
  JournalReader reader(dir / "j");
  EXPECT_EQ(read_all(reader).size(), 4U);
  EXPECT_FALSE(reader.has_torn_tail());
  EXPECT_THROW(reader.check_reaches(5), StorageError);
}

TEST(JournalDamage, TenThousandMutationsAreReadOrRefused) {
  const TempDir dir;
  const auto original = write_journal(dir / "j", 8);
  const std::string bytes = load_bytes(dir / "j");
  std::mt19937_64 random(1);
  std::size_t refused = 0;
  for (int i = 0; i < 10000; ++i) {
    const std::string mutated = mutate(bytes, random);
    save_bytes(dir / "j", mutated);
    if (is_noticed(dir / "j", original)) {
      ++refused;
    } else {
      // Nothing noticed: then the lines are all there, as they were.
      EXPECT_EQ(mutated.substr(0, bytes.size()), bytes);
    }
  }
  EXPECT_GT(refused, 9000U);
}

}  // namespace
}  // namespace glimpse::tests
