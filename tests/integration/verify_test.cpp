// `glimpse verify` on the results of a real sweep: damage that changes a value, in the database or
// in a file, is found and named, a hundred times of a hundred.

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "storage/files/run_folder.h"
#include "storage/safetensors/checkpoint.h"
#include "storage/sqlite/database.h"
#include "storage/sqlite/statement.h"
#include "tests/integration/glimpse_runner.h"
#include "tests/support/temp_dir.h"

namespace glimpse::tests {
namespace {

namespace fs = std::filesystem;

constexpr const char* kStudy = R"({
  "name": "small",
  "dataset": {"source": "builtin", "width": 40, "height": 44, "digits": 2, "digit_side": 16,
              "patches": 0, "train": 60, "valid": 20, "test": 20},
  "parameters": {"model": {"values": ["ffn-spn", "conv"]}, "filters": {"value": 4},
                 "dense": {"value": 8}, "batch_size": {"value": 20}, "epochs": {"value": 4},
                 "learning_rate": {"value": 0.002}}
})";

// A change of one value that SQL makes, and what the line that names it must tell.
struct RowDamage {
  std::string table;
  std::string change;  // of the row
  std::string named;   // SQL: an expression of the row
  int times = 1;       // at as many rows, spread evenly
};

// Another digit at the end of a text in hexadecimal.
std::string other_digit(const std::string& column) {
  return column + " = substr(" + column + ", 1, length(" + column + ") - 1) || iif(" + column +
         " like '%0', '1', '0')";
}

const std::vector<RowDamage>& row_damages() {
  static const std::string place =
      "'epoch ' || epoch || ': ' || (select n.name from names n where n.id = t.name)";
  static const std::vector<RowDamage> damages = {
      {"metrics", "value = value + 0.001", place, 20},
      {"metrics", "value = null", place, 2},
      {"metrics", "epoch = epoch + 100", place, 2},
      {"timings", "value = value * 1.001 + 0.001", place, 12},
      {"epochs", other_digit("weights_hash"), "'epoch ' || epoch || ': weights_hash'", 8},
      {"epochs", "t_ms = t_ms + 1", "'epoch ' || epoch || ': time_ms'", 4},
      {"trials", "objective = objective + 0.001", "'objective'", 2},
      {"trials", "best_epoch = best_epoch % 4 + 1", "'best_epoch'", 2},
      {"trials", "outcome = 'pruned'", "'outcome'", 2},
      {"trials", "seed = seed + 1", "'seed'", 1},
      {"trials", other_digit("dataset"), "'dataset'", 1},
      {"trials",
       "parameters = json_set(parameters, '$.learning_rate', 0.003)",
       "'learning_rate'",
       2},
      {"attempts", "ended_ms = ended_ms + 1", "'ended_ms'", 2},
      {"attempts", "message = 'x'", "'message'", 1},
      {"attempts", "checkpoints = checkpoints + 1", "'checkpoints'", 1},
      {"artifacts", "step = step + 1", "'step is'", 2},
      {"artifacts", "epoch = epoch + 1", "'epoch is'", 2},
      {"environments", "json = json_set(json, '$.cpu', 'x')", "'environment'", 1},
  };
  return damages;
}

class Damage : public testing::Test {
 protected:
  Damage() {
    std::ofstream(glimpse_.folder() / "small.json") << kStudy;
    const RunResult run = glimpse_.run({"run", "./small.json", "--slots", "2"});
    EXPECT_EQ(run.status, 0) << run.err;
  }

  [[nodiscard]] RunResult verify() const { return glimpse_.run({"verify", "--format", "csv"}); }

  // True where a line calls something damaged and tells all of these.
  [[nodiscard]] static bool names(const std::string& out, const std::vector<std::string>& words) {
    std::istringstream lines(out);
    for (std::string line; std::getline(lines, line);) {
      bool has_all = line.find(",damaged,") != std::string::npos;
      for (const std::string& word : words) {
        has_all = has_all && line.find(word) != std::string::npos;
      }
      if (has_all) {
        return true;
      }
    }
    return false;
  }

  void count(const std::string& what, const std::vector<std::string>& words) {
    const RunResult result = verify();
    const bool is_found = result.status == 65 && names(result.out, words);
    found_ += is_found ? 1 : 0;
    ++tried_;
    EXPECT_TRUE(is_found) << what << " (" << words.back() << ")\n" << result.out << result.err;
  }

  void damage_rows(const RowDamage& damage) {
    const fs::path file = storage::ResultsFolder(glimpse_.results()).database();
    const std::string whole = load_bytes(file);
    for (int i = 0; i < damage.times; ++i) {
      std::string named;
      {
        storage::Database database(file, storage::OpenMode::kReadWrite);
        const std::string order = " from " + damage.table +
                                  " t order by 1 limit 1 offset (select count(*) * " +
                                  std::to_string(i) + " / " + std::to_string(damage.times) +
                                  " from " + damage.table + ")";
        const bool has_id =
            damage.table != "metrics" && damage.table != "timings" && damage.table != "epochs";
        const std::string owner = damage.table == "metrics" ? "trial" : "attempt";
        const std::string key = has_id ? "id"
                                       : owner + " || '/' || epoch || '/' || " +
                                             (damage.table == "epochs" ? "''" : "name");
        std::string row;
        {
          storage::Statement select(database, "select " + key + ", " + damage.named + order);
          storage::Rows rows = select.query();
          ASSERT_TRUE(rows.next()) << damage.table;
          row = rows.text(0);
          named = rows.text(1);
        }
        database.execute("update " + damage.table + " set " + damage.change + " where " + key +
                         " = '" + row + "'");
        ASSERT_EQ(database.changed_rows(), 1) << damage.change;
        database.close_cleanly();
      }
      count(damage.table + ": " + damage.change, {named});
      save_bytes(file, whole);
    }
  }

  // Bytes at `times` places of the file, one after the other.
  void damage_bytes(const fs::path& file, int times) {
    fs::permissions(file, fs::perms(0644));
    const std::string whole = load_bytes(file);
    for (int i = 0; i < times; ++i) {
      std::string bytes = whole;
      const std::size_t at = bytes.size() * (2 * static_cast<std::size_t>(i) + 1) /
                             (2 * static_cast<std::size_t>(times));
      bytes[at] = static_cast<char>(bytes[at] ^ 1);
      save_bytes(file, bytes);
      count(file.string() + " at " + std::to_string(at), {file.filename().string()});
      save_bytes(file, whole);
    }
  }

  // Another digit in place of one of a number or hash.
  void damage_digits(const fs::path& file, int times) {
    const std::string whole = load_bytes(file);
    std::vector<std::size_t> digits;
    for (std::size_t i = 0; i < whole.size(); ++i) {
      if (whole[i] >= '0' && whole[i] <= '9') {
        digits.push_back(i);
      }
    }
    for (int i = 0; i < times; ++i) {
      std::string bytes = whole;
      const std::size_t at = digits[digits.size() * (2 * static_cast<std::size_t>(i) + 1) /
                                    (2 * static_cast<std::size_t>(times))];
      bytes[at] = bytes[at] == '9' ? '8' : static_cast<char>(bytes[at] + 1);
      save_bytes(file, bytes);
      count(file.string() + " at " + std::to_string(at), {file.filename().string()});
      save_bytes(file, whole);
    }
  }

  [[nodiscard]] std::vector<fs::path> files(const std::string& ending) const {
    std::vector<fs::path> found;
    for (const auto& entry : fs::recursive_directory_iterator(glimpse_.results())) {
      if (entry.path().filename().string().ends_with(ending)) {
        found.push_back(entry.path());
      }
    }
    return found;
  }

  GlimpseRunner glimpse_;
  int tried_ = 0;
  int found_ = 0;
};

TEST_F(Damage, OfAValueIsFoundAndNamedHundredTimesOfHundred) {
  const RunResult sound = verify();
  ASSERT_EQ(sound.status, 0) << sound.out << sound.err;
  for (const RowDamage& damage : row_damages()) {
    damage_rows(damage);
  }
  const std::vector<fs::path> runs = files("journal.jsonl");
  ASSERT_EQ(runs.size(), 2U);
  for (const fs::path& journal : runs) {
    damage_bytes(journal, 4);
    damage_bytes(journal.parent_path() / "crops.h5", 3);
    damage_digits(journal.parent_path().parent_path() / "trial.json", 4);
    damage_bytes(storage::list_checkpoints(journal.parent_path()).at(0).path, 3);
  }
  for (const fs::path& file : files(".h5")) {
    if (file.filename() != "crops.h5") {
      damage_bytes(file, 5);
    }
  }
  EXPECT_EQ(tried_, 100);
  EXPECT_EQ(found_, tried_);
  EXPECT_EQ(verify().status, 0) << "all is as it was";
}

}  // namespace
}  // namespace glimpse::tests
