#include "tests/integration/control_results.h"

#include <stdexcept>
#include <vector>

#include "storage/files/file_io.h"
#include "storage/safetensors/checkpoint.h"
#include "tests/integration/journal_line.h"
#include "tests/support/temp_dir.h"

namespace glimpse::tests {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTextHash = "44136fa355b3678a1146ad16f7e8649e";  // of "{}"

const storage::ResultsFolder& with_root(const storage::ResultsFolder& folder) {
  storage::make_folders(folder.root());
  return folder;
}

}  // namespace

std::string sample_key(int trial) {
  std::string key(64, '0');
  key[0] = static_cast<char>('a' + trial);
  return key;
}

std::string sample_run(int trial) {
  return sample_key(trial).substr(0, 32);
}

ControlResults::ControlResults(const fs::path& folder, int trials)
    : folder_(folder), store_(with_root(folder_).database()) {
  std::vector<std::string> keys;
  for (int trial = 0; trial < trials; ++trial) {
    keys.push_back(sample_key(trial));
  }
  std::vector<storage::PlannedTrialEntry> entries;
  for (const std::string& key : keys) {
    entries.push_back({.key = key,
                       .code = "1",
                       .dataset = "d",
                       .parameters_json = R"({"model":"conv"})",
                       .seed = entries.size() + 1});
  }
  store_.ledger().add_plan(
      {.name = "small", .text_hash = kTextHash, .resolved_json = "{}"}, entries, kNowMs);
  storage::make_folders(folder_.studies());
  save_bytes(folder_.study_file(kTextHash), "{}");
}

ControlResults::~ControlResults() {
  store_.database().close_cleanly();
}

storage::StartedAttempt ControlResults::start(int trial, const std::string& log) {
  const auto id = store_.reader().find_trial(sample_key(trial));
  const auto attempt = store_.ledger().start_attempt(*id, {"node1", 0}, kNowMs);
  const auto made =
      folder_.make_attempt(sample_run(trial), static_cast<std::uint64_t>(attempt.number));
  save_bytes(made.worker_log(), log);
  journals_[attempt.attempt] = std::make_unique<storage::JournalWriter>(made.journal());
  return attempt;
}

std::string ControlResults::save(int trial,
                                 const storage::StartedAttempt& attempt,
                                 int step,
                                 int epoch) {
  storage::CheckpointFacts facts;
  facts.key = sample_key(trial);
  facts.attempt = static_cast<std::uint64_t>(attempt.number);
  facts.step = static_cast<std::uint64_t>(step);
  facts.epoch = static_cast<std::uint64_t>(epoch);
  const fs::path file = storage::write_checkpoint(attempt_folder(trial, attempt.number), facts, {});
  record(attempt, storage::CheckpointRecord{file.filename().string(), step, epoch, {}, {}});
  return file.filename().string();
}

void ControlResults::end_epoch(const storage::StartedAttempt& attempt, int epoch, double error) {
  record(attempt, storage::EpochRecord{epoch, {{"valid_error", error}}, {}, ""});
}

void ControlResults::finish(const storage::StartedAttempt& attempt) {
  record(attempt, storage::FinishedRecord{});
}

void ControlResults::stop(const storage::StartedAttempt& attempt) {
  record(attempt, storage::StoppedRecord{});
}

fs::path ControlResults::attempt_folder(int trial, std::int64_t attempt) const {
  return folder_.attempt_folder(sample_run(trial), static_cast<std::uint64_t>(attempt)).path;
}

void ControlResults::record(const storage::StartedAttempt& attempt, const storage::Record& record) {
  const std::string line = journal_line(sample_run(0), attempt.number, record);
  const std::uint64_t number = journals_.at(attempt.attempt)->append(kNowMs, line);
  if (store_.ingest().ingest(attempt.attempt, static_cast<std::int64_t>(number), kNowMs, record) !=
      storage::IngestResult::kTaken) {
    throw std::logic_error("a record of a test was not taken");
  }
}

}  // namespace glimpse::tests
