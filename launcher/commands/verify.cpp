#include "launcher/commands/verify.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "experiments/faults.h"
#include "experiments/json/trial_json.h"
#include "experiments/study_error.h"
#include "launcher/commands/rebuild.h"
#include "launcher/dataset_lock.h"
#include "launcher/dataset_store.h"
#include "launcher/output.h"
#include "launcher/results.h"
#include "launcher/results_folder.h"
#include "launcher/run/journal_content.h"
#include "launcher/trial_faults.h"
#include "storage/files/file_io.h"
#include "storage/files/journal.h"
#include "storage/files/run_folder.h"
#include "storage/hdf5/crops_file.h"
#include "storage/hdf5/dataset_reader.h"
#include "storage/safetensors/checkpoint.h"
#include "storage/sqlite/database.h"
#include "storage/sqlite/journal_check.h"
#include "storage/sqlite/run_rows.h"
#include "storage/sqlite/schema.h"
#include "storage/sqlite/verify.h"
#include "storage/storage_error.h"

namespace glimpse::launcher {
namespace {

namespace fs = std::filesystem;

using reports::TextTable;
using storage::ResultsFolder;
using storage::RunRows;
using storage::StorageError;
using storage::StorageFault;

class Findings {
 public:
  explicit Findings(fs::path root) : root_(std::move(root)) {}

  // Runs one check of one file; what it throws is what is wrong with the file.
  template <class Check>
  void check(const std::string& kind, const fs::path& file, const Check& check) {
    try {
      add(kind, file, "ok", check());
    } catch (const StorageError& error) {
      add_damage(error, kind, file);
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

  // Of an error that reading the file threw, unless that tells nothing about the file.
  void add_damage(const StorageError& error, const std::string& kind, const fs::path& file) {
    if (error.fault() == StorageFault::kBusy || error.fault() == StorageFault::kDiskFull) {
      throw error;
    }
    add_damage(kind, file, error.what());
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

// A run whose rows are all wrong has said so by then.
constexpr std::size_t kMostDifferences = 20;

// What the database says of files.
struct KnownFiles {
  bool is_readable = false;
  std::set<fs::path> artifacts = {};   // from the folder of results
  std::set<std::string> studies = {};  // hashes of their texts
};

KnownFiles read_known_files(const Settings& settings) {
  KnownFiles known{.is_readable = true};
  storage::Query query = open_results(settings);
  const auto rows = [&](const char* sql) { return query_table(query, sql).rows; };
  for (const reports::Row& row : rows("select path from v_artifacts")) {
    known.artifacts.emplace(reports::render_exact(row[0]));
  }
  for (const reports::Row& row : rows("select text_hash from v_studies")) {
    known.studies.insert(reports::render_exact(row[0]));
  }
  return known;
}

KnownFiles verify_database(const Settings& settings, const fs::path& file, Findings& findings) {
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
    return read_known_files(settings);
  } catch (const StorageError& error) {
    findings.add_damage(error, "database", file);
    return {};
  }
}

void verify_studies(const ResultsFolder& results, const KnownFiles& known, Findings& findings) {
  std::set<std::string> hashes = known.studies;
  for (const std::string& hash : results.list_studies()) {
    hashes.insert(hash);
  }
  for (const std::string& hash : hashes) {
    const fs::path file = results.study_file(hash);
    const std::string found = sha256_of_file(file.string());
    if (found.empty()) {
      findings.add_damage("study", file, "missing, although it was planned");
    } else if (found.substr(0, hash.size()) != hash) {
      findings.add_damage("study", file, "the text does not match the hash in its name");
    } else {
      findings.add_sound("study", file);
    }
  }
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

// One run after the other: its files, and its rows against what they say.
class RunVerifier {
 public:
  RunVerifier(const ResultsFolder& results, const KnownFiles& known, Findings& findings)
      : results_(results), findings_(findings) {
    if (known.is_readable) {
      database_.emplace(results.database(), storage::OpenMode::kReadOnly);
    }
  }

  void verify_all();

 private:
  void verify(const std::string& run_id);
  std::optional<RunRows> load_rows(const std::string& run_id);
  void verify_trial(const std::string& run_id, const RunRows* rows);
  void verify_attempt(const storage::AttemptFolder& folder, std::int64_t number);
  void read_records(const storage::AttemptFolder& folder, std::int64_t number);
  void name_differences(const std::string& run_id, const std::vector<std::string>& differences);

  const ResultsFolder& results_;
  Findings& findings_;
  std::optional<storage::Database> database_;
  std::map<std::int64_t, std::int64_t> records_taken_;  // of the run's attempts, by number
  storage::RunJournals journals_;                       // those that are whole
};

void RunVerifier::verify_all() {
  std::set<std::string> runs;
  if (database_) {
    for (const std::string& run_id : storage::list_run_ids(*database_)) {
      runs.insert(run_id);
    }
  }
  for (const std::string& run_id : results_.find_runs("", SIZE_MAX)) {
    runs.insert(run_id);
  }
  for (const std::string& run_id : runs) {
    verify(run_id);
  }
}

// Rows first: what they were made of stands in the journals by then.
void RunVerifier::verify(const std::string& run_id) {
  const std::optional<RunRows> rows = load_rows(run_id);
  records_taken_.clear();
  journals_.clear();
  for (const std::uint64_t number : results_.list_attempts(run_id)) {
    records_taken_.emplace(static_cast<std::int64_t>(number), 0);
  }
  if (rows) {
    for (const storage::AttemptRows& attempt : rows->attempts) {
      records_taken_[attempt.number] = attempt.records_taken;
    }
  }
  verify_trial(run_id, rows ? &*rows : nullptr);
  for (const auto& [number, taken] : records_taken_) {
    verify_attempt(results_.attempt_folder(run_id, static_cast<std::uint64_t>(number)), number);
  }
  if (rows) {
    name_differences(run_id, storage::find_differences(*rows, journals_));
  }
}

std::optional<RunRows> RunVerifier::load_rows(const std::string& run_id) {
  if (!database_) {
    return std::nullopt;
  }
  try {
    return storage::load_run_rows(*database_, run_id);
  } catch (const StorageError& error) {
    findings_.add_damage(error, "rows", results_.run_folder(run_id));
    return std::nullopt;
  }
}

void RunVerifier::name_differences(const std::string& run_id,
                                   const std::vector<std::string>& differences) {
  const std::size_t named = std::min(differences.size(), kMostDifferences);
  for (std::size_t i = 0; i < named; ++i) {
    findings_.add_damage("rows", results_.run_folder(run_id), differences[i]);
  }
  if (named < differences.size()) {
    findings_.add_damage("rows",
                         results_.run_folder(run_id),
                         "and " + std::to_string(differences.size() - named) + " more values");
  }
}

void RunVerifier::verify_trial(const std::string& run_id, const RunRows* rows) {
  const fs::path file = results_.trial_file(run_id);
  if (!fs::exists(file)) {
    return;  // of a machine that went down: the run makes it again
  }
  try {
    const auto trial = experiments::parse_trial(results_.load_trial(run_id), file.string());
    const std::vector<std::string> faults = find_trial_faults(trial, run_id, rows);
    if (faults.empty()) {
      findings_.add_sound("trial", file);
    }
    for (const std::string& fault : faults) {
      findings_.add_damage("trial", file, fault);
    }
  } catch (const experiments::StudyError& error) {
    findings_.add_damage("trial", file, render_issue("trial.json", error.issues().front()));
  } catch (const StorageError& error) {
    findings_.add_damage(error, "trial", file);
  }
}

void RunVerifier::verify_attempt(const storage::AttemptFolder& folder, std::int64_t number) {
  if (fs::exists(fs::symlink_status(folder.path)) && !fs::is_directory(folder.path)) {
    findings_.add_damage("journal", folder.path, "not a folder");
    return;
  }
  if (fs::exists(folder.journal())) {
    findings_.check("journal", folder.journal(), [&] {
      std::string found = verify_journal(folder.journal(), records_taken_.at(number));
      read_records(folder, number);
      return found;
    });
  } else if (records_taken_.at(number) > 0) {
    findings_.add_damage("journal", folder.journal(), "missing, although records were taken");
  }
  for (const storage::CheckpointPath& checkpoint : storage::list_checkpoints(folder.path)) {
    findings_.check("checkpoint", checkpoint.path, [&] {
      return "epoch " + std::to_string(storage::open_checkpoint(checkpoint.path).facts.epoch);
    });
  }
  if (fs::exists(folder.crops())) {
    findings_.check("crops", folder.crops(), [&] {
      return std::to_string(storage::load_crops(folder.crops()).shape.count) + " images";
    });
  }
}

void RunVerifier::read_records(const storage::AttemptFolder& folder, std::int64_t number) {
  JournalContent content = read_journal(folder.journal());
  if (!content.damage.empty()) {
    throw StorageError(StorageFault::kDamaged, folder.journal(), content.damage);
  }
  journals_[number] = std::move(content.records);
}

void verify_artifacts(const ResultsFolder& results, const KnownFiles& known, Findings& findings) {
  for (const fs::path& artifact : known.artifacts) {
    if (!fs::is_regular_file(results.root() / artifact)) {
      findings.add_damage("artifact", results.root() / artifact, "missing");
    }
  }
}

}  // namespace

int verify(const VerifyOptions& options, Env& env) {
  if (options.is_rebuild) {
    return rebuild(options, env);
  }
  const ResultsFolder results = existing_results_folder(env.settings);
  Findings findings(results.root());
  KnownFiles known;
  if (fs::exists(results.database())) {
    known = verify_database(env.settings, results.database(), findings);
  } else if (!results.find_runs("", 1).empty()) {
    findings.add_damage("database", results.database(), "missing, although there are runs");
  }
  verify_studies(results, known, findings);
  for (const fs::path& file : list_dataset_files(results)) {
    findings.check("dataset", file, [&] {
      check_dataset_name(file, storage::verify_dataset(file), env.settings);
      return std::string();
    });
  }
  for (const UnfinishedDataset& left : list_unfinished(results)) {
    findings.add_unfinished(left);
  }
  RunVerifier(results, known, findings).verify_all();
  verify_artifacts(results, known, findings);
  print_sections("verify", {{"files", "", findings.table()}}, options.output, env);
  if (findings.has_damage()) {
    env.log.error("verify: there is damage, see above");
    return static_cast<int>(experiments::ExitCode::kBadData);
  }
  env.log.info("verify: all is well");
  return 0;
}

}  // namespace glimpse::launcher
