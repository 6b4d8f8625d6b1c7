#include "launcher/commands/verify.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <utility>

#include "experiments/faults.h"
#include "launcher/dataset_lock.h"
#include "launcher/dataset_store.h"
#include "launcher/output.h"
#include "launcher/results.h"
#include "launcher/results_folder.h"
#include "storage/files/file_io.h"
#include "storage/files/journal.h"
#include "storage/files/run_folder.h"
#include "storage/hdf5/dataset_reader.h"
#include "storage/safetensors/checkpoint.h"
#include "storage/sqlite/database.h"
#include "storage/sqlite/schema.h"
#include "storage/sqlite/verify.h"
#include "storage/storage_error.h"

namespace glimpse::launcher {
namespace {

namespace fs = std::filesystem;

using reports::TextTable;
using storage::ResultsFolder;
using storage::StorageError;

class Findings {
 public:
  explicit Findings(fs::path root) : root_(std::move(root)) {}

  // Runs one check of one file; what it throws is what is wrong with the file.
  template <class Check>
  void check(const std::string& kind, const fs::path& file, const Check& check) {
    try {
      add(kind, file, "ok", check());
    } catch (const StorageError& error) {
      add(kind, file, "damaged", error.what());
      has_damage_ = true;
    }
  }
  void add_sound(const std::string& kind, const fs::path& file) { add(kind, file, "ok", ""); }
  void add_damage(const std::string& kind, const fs::path& file, const std::string& what) {
    add(kind, file, "damaged", what);
    has_damage_ = true;
  }

  // No damage: nobody reads such a file.
  void add_unfinished(const UnfinishedDataset& left) {
    if (left.builder) {
      add("unfinished",
          left.path,
          "busy",
          "process " + std::to_string(left.builder->pid) + " on " + left.builder->host +
              " is building it");
    } else {
      add("unfinished",
          left.path,
          "left",
          "of a build that was killed; building it again, or 'rm', takes it away");
    }
  }

  [[nodiscard]] const TextTable& table() const { return table_; }
  [[nodiscard]] bool has_damage() const { return has_damage_; }

 private:
  void add(const std::string& kind,
           const fs::path& file,
           const std::string& state,
           const std::string& detail) {
    table_.rows.push_back({kind, file.lexically_relative(root_).string(), state, detail});
  }

  fs::path root_;
  TextTable table_{.columns = {"kind", "file", "state", "detail"}, .rows = {}};
  bool has_damage_ = false;
};

// Records of a journal that the database has taken, by run id and attempt.
using Taken = std::map<std::pair<std::string, std::int64_t>, std::int64_t>;

Taken verify_database(const Settings& settings, const fs::path& file, Findings& findings) {
  Taken taken;
  try {
    storage::Database database(file, storage::OpenMode::kReadOnly);
    storage::check_schema_is_current(database);
    const std::vector<std::string> problems = storage::verify_results(database);
    for (const std::string& problem : problems) {
      findings.add_damage("database", file, problem);
    }
    if (problems.empty()) {
      findings.add_sound("database", file);
    }
    storage::Query query = open_results(settings);
    const TextTable attempts =
        query_table(query, "select run_id, attempt, records_taken from v_attempts");
    for (const reports::Row& row : attempts.rows) {
      taken[{reports::render_exact(row[0]), std::get<std::int64_t>(row[1])}] =
          std::get<std::int64_t>(row[2]);
    }
  } catch (const StorageError& error) {
    findings.add_damage("database", file, error.what());
  }
  return taken;
}

std::string verify_journal(const fs::path& file, std::int64_t taken) {
  storage::JournalReader reader(file);
  std::uint64_t records = 0;
  while (reader.next()) {
    ++records;
  }
  reader.check_reaches(static_cast<std::uint64_t>(taken));
  return std::to_string(records) + " records" +
         (reader.has_torn_tail() ? ", and a last one that was never finished" : "");
}

void verify_attempt(const storage::AttemptFolder& folder, std::int64_t taken, Findings& findings) {
  if (fs::exists(folder.journal())) {
    findings.check(
        "journal", folder.journal(), [&] { return verify_journal(folder.journal(), taken); });
  } else if (taken > 0) {
    findings.add_damage("journal", folder.journal(), "missing, although records were taken");
  }
  for (const storage::CheckpointPath& checkpoint : storage::list_checkpoints(folder.path)) {
    findings.check("checkpoint", checkpoint.path, [&] {
      return "epoch " + std::to_string(storage::open_checkpoint(checkpoint.path).facts.epoch);
    });
  }
}

void verify_runs(const ResultsFolder& results, const Taken& taken, Findings& findings) {
  for (const std::string& run : results.find_runs("", SIZE_MAX)) {
    for (const std::uint64_t attempt : results.list_attempts(run)) {
      const auto known = taken.find({run, static_cast<std::int64_t>(attempt)});
      verify_attempt(
          results.attempt_folder(run, attempt), known == taken.end() ? 0 : known->second, findings);
    }
  }
}

}  // namespace

int verify(const VerifyOptions& options, Env& env) {
  const ResultsFolder results = existing_results_folder(env.settings);
  Findings findings(results.root());
  Taken taken;
  if (fs::exists(results.database())) {
    taken = verify_database(env.settings, results.database(), findings);
  }
  for (const fs::path& file : list_dataset_files(results)) {
    findings.check("dataset", file, [&] {
      check_dataset_name(file, storage::verify_dataset(file), env.settings);
      return std::string();
    });
  }
  for (const UnfinishedDataset& left : list_unfinished(results)) {
    findings.add_unfinished(left);
  }
  verify_runs(results, taken, findings);
  print_sections("verify", {{"files", "", findings.table()}}, options.output, env);
  if (findings.has_damage()) {
    env.log.error("verify: there is damage, see above");
    return static_cast<int>(experiments::ExitCode::kBadData);
  }
  env.log.info("verify: all is well");
  return 0;
}

}  // namespace glimpse::launcher
