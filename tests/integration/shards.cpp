#include "tests/integration/shards.h"

#include "experiments/json/record_json.h"
#include "storage/files/journal.h"
#include "storage/files/run_folder.h"
#include "storage/safetensors/checkpoint.h"
#include "storage/sqlite/results_store.h"
#include "storage/sqlite/statement.h"
#include "tests/integration/journal_line.h"
#include "tests/support/temp_dir.h"

namespace glimpse::tests {
namespace {

namespace fs = std::filesystem;

using storage::ResultsFolder;
using storage::ResultsStore;

const std::string& key() {
  static const std::string text = "ab" + std::string(62, '7');
  return text;
}

std::string uid_of(ResultsStore& store, storage::AttemptId attempt) {
  storage::Rows rows =
      store.database().prepared("SELECT uid FROM attempts WHERE id = ?1").query(attempt);
  return rows.next() ? rows.text(0) : "";
}

void run_attempt(ResultsStore& store, const ResultsFolder& results, std::int64_t start_ms) {
  const storage::TrialId trial = store.reader().find_trial(key()).value_or(0);
  const auto attempt = store.ledger().start_attempt(trial, {"node", 0}, start_ms);
  const auto folder =
      results.make_attempt(shard_run_id(), static_cast<std::uint64_t>(attempt.number));
  storage::JournalWriter journal(folder.journal());
  std::int64_t number = 0;
  const auto add = [&](const std::string& line, const storage::Record& body) {
    journal.append(start_ms, line);
    store.ingest().ingest(attempt.attempt, ++number, start_ms, body);
  };
  const auto record = [&](const storage::Record& body) {
    add(journal_line(shard_run_id(), attempt.number, body), body);
  };
  // Tells whose journal it is.
  add(experiments::render_record(
          {{shard_run_id(), attempt.number},
           experiments::ProgressRecord{.phase = uid_of(store, attempt.attempt)}}),
      storage::ProgressRecord{});
  record(storage::EpochRecord{1, {{"valid_error", 20}}, {}, "aa"});
  storage::CheckpointFacts facts;
  facts.key = key();
  facts.attempt = static_cast<std::uint64_t>(attempt.number);
  facts.step = static_cast<std::uint64_t>(start_ms);
  const fs::path checkpoint = storage::write_checkpoint(folder.path, facts, {});
  record(storage::CheckpointRecord{.file = checkpoint.filename(), .step = start_ms, .epoch = 1});
  record(storage::PreemptedRecord{});
  journal.close();
}

}  // namespace

std::string shard_run_id() {
  return key().substr(0, 32);
}

void make_shard(const fs::path& folder, const std::vector<std::int64_t>& starts_ms) {
  const ResultsFolder results(folder);
  fs::create_directories(results.root());
  fs::create_directories(results.studies());
  save_bytes(results.study_file("44136fa355b3678a1146ad16f7e8649e"), "{}");
  ResultsStore store(results.database());
  const std::vector<storage::PlannedTrialEntry> trials = {
      {.key = key(), .code = "1", .dataset = "d", .parameters_json = "{}"}};
  store.ledger().add_plan(
      {.name = "array", .text_hash = "44136fa355b3678a1146ad16f7e8649e", .resolved_json = "{}"},
      trials,
      500);
  for (const std::int64_t start : starts_ms) {
    run_attempt(store, results, start);
  }
  store.database().close_cleanly();
}

// The last line of the newest journal waits in a file outside of all that is merged.
void take_end_back(const fs::path& folder) {
  const ResultsFolder results(folder);
  const auto newest =
      results.attempt_folder(shard_run_id(), results.list_attempts(shard_run_id()).back());
  const std::string journal = load_bytes(newest.journal());
  const std::size_t cut = journal.rfind('\n', journal.size() - 2) + 1;
  save_bytes(folder / "end", journal.substr(cut));
  save_bytes(newest.journal(), journal.substr(0, cut));
  storage::Database database(results.database(), storage::OpenMode::kReadWrite);
  database.execute(
      "UPDATE attempts SET state = 'running', ended_ms = NULL, records_taken = records_taken - 1"
      " WHERE number = (SELECT max(number) FROM attempts);"
      "UPDATE trials SET state = 'running'");
  database.close_cleanly();
}

void give_end_again(const fs::path& folder) {
  const ResultsFolder results(folder);
  const auto newest =
      results.attempt_folder(shard_run_id(), results.list_attempts(shard_run_id()).back());
  save_bytes(newest.journal(), load_bytes(newest.journal()) + load_bytes(folder / "end"));
  ResultsStore store(results.database());
  const storage::AttemptFacts attempt = store.reader().unfinished_attempts().at(0);
  store.ingest().ingest(
      attempt.attempt, attempt.records_taken + 1, attempt.started_ms, storage::PreemptedRecord{});
  store.database().close_cleanly();
}

std::string wrong_folders(const fs::path& folder) {
  const ResultsFolder results(folder);
  storage::Database database(results.database(), storage::OpenMode::kReadOnly);
  storage::Rows rows =
      database.prepared("SELECT attempt, uid FROM v_attempts ORDER BY attempt").query();
  std::size_t count = 0;
  while (rows.next()) {
    ++count;
    const auto place =
        results.attempt_folder(shard_run_id(), static_cast<std::uint64_t>(rows.integer(0)));
    if (!fs::exists(place.journal())) {
      return place.path.string() + " has no journal";
    }
    storage::JournalReader journal(place.journal());
    const auto first = journal.next();
    if (!first || first->record.find(rows.text(1)) == std::string_view::npos) {
      return place.path.string() + " is that of another attempt";
    }
  }
  for (const auto& entry : fs::directory_iterator(results.run_folder(shard_run_id()))) {
    const bool is_attempt = entry.path().filename().string().starts_with("attempt-");
    count -= is_attempt ? 1U : 0U;
    if (!is_attempt && entry.path().filename() != "trial.json") {
      return entry.path().string() + " was left behind";
    }
  }
  return count == 0 ? "" : "not one folder per attempt";
}

}  // namespace glimpse::tests
