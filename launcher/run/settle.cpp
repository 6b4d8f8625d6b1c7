#include "launcher/run/settle.h"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "experiments/json/record_json.h"
#include "launcher/run/kept_checkpoints.h"
#include "launcher/run/to_storage.h"
#include "storage/files/journal.h"
#include "storage/sqlite/results_store.h"
#include "storage/storage_error.h"

namespace glimpse::launcher {
namespace {

using experiments::RecordBody;
using storage::ResultsStore;

struct Missed {
  std::vector<storage::NumberedRecord> records;  // that the database did not take
  std::vector<std::string> gone;                 // checkpoints that the worker removed
};

Missed read_missed(storage::JournalReader& journal, const storage::AttemptFacts& attempt) {
  Missed missed;
  KeptCheckpoints kept;
  while (true) {
    const std::optional<storage::JournalEntry> entry = journal.next();
    if (!entry) {
      return missed;
    }
    const RecordBody body = experiments::parse_record(entry->record).body;
    const auto number = static_cast<std::int64_t>(entry->number);
    if (number > attempt.records_taken) {
      missed.records.push_back({attempt.attempt, number, entry->t_ms, to_storage(body)});
    }
    if (const auto* const checkpoint = std::get_if<experiments::CheckpointRecord>(&body)) {
      const std::vector<std::string> gone = kept.add(checkpoint->file);
      missed.gone.insert(missed.gone.end(), gone.begin(), gone.end());
    }
  }
}

// Without a record of it nobody knows when it started.
std::int64_t find_start(const std::filesystem::path& journal, std::int64_t now_ms) {
  if (!std::filesystem::exists(journal)) {
    return now_ms;
  }
  const std::optional<storage::JournalEntry> first = storage::JournalReader(journal).next();
  return first ? first->t_ms : now_ms;
}

class Settlement {
 public:
  Settlement(const storage::ResultsFolder& folder, std::int64_t now_ms)
      : folder_(folder), now_ms_(now_ms) {}

  void end_unfinished(ResultsStore& store) const {
    for (const storage::AttemptFacts& attempt : store.reader().unfinished_attempts()) {
      end(store, attempt);
    }
  }

  void adopt_unknown(ResultsStore& store, const std::string& run_id) const {
    const std::vector<std::uint64_t> folders = folder_.list_attempts(run_id);
    // One that could not make its folder left a gap.
    for (std::uint64_t number = 1; !folders.empty() && number <= folders.back(); ++number) {
      const std::optional<storage::TrialFacts> trial = find_pending(store, run_id);
      if (trial && static_cast<std::int64_t>(number) > last_attempt(store, *trial)) {
        const auto journal = folder_.attempt_folder(run_id, number).journal();
        store.ledger().start_attempt(trial->trial, {}, find_start(journal, now_ms_));
        end_unfinished(store);
      }
    }
  }

 private:
  void end(ResultsStore& store, const storage::AttemptFacts& attempt) const {
    const auto folder =
        folder_.attempt_folder(attempt.run_id, static_cast<std::uint64_t>(attempt.number));
    Missed missed;
    if (std::filesystem::exists(folder.journal())) {
      storage::JournalReader journal(folder.journal());
      missed = read_missed(journal, attempt);
    }
    store.ingest().ingest(missed.records);
    for (const std::string& file : missed.gone) {
      store.ledger().remove_artifact(attempt.attempt, file);
    }
    const auto open = store.reader().unfinished_attempts();
    if (std::ranges::count(open, attempt.attempt, &storage::AttemptFacts::attempt) > 0) {
      store.ledger().end_attempt(attempt.attempt,
                                 {.state = storage::AttemptState::kLost,
                                  .message = "its coordinator ended without a word"},
                                 now_ms_);
    }
  }

  static std::optional<storage::TrialFacts> find_pending(ResultsStore& store,
                                                         const std::string& run_id) {
    try {
      storage::TrialFacts trial = store.reader().pick_run(run_id);
      return trial.state == storage::TrialState::kPending ? std::optional(std::move(trial))
                                                          : std::nullopt;
    } catch (const storage::StorageError& error) {
      if (error.fault() != storage::StorageFault::kMissing) {
        throw;
      }
      return std::nullopt;
    }
  }

  static std::int64_t last_attempt(ResultsStore& store, const storage::TrialFacts& trial) {
    const auto attempts = store.reader().attempts(trial.trial);
    return attempts.empty() ? 0 : attempts.back().number;
  }

  const storage::ResultsFolder& folder_;
  std::int64_t now_ms_;
};

}  // namespace

void settle(const storage::ResultsFolder& folder,
            storage::DatabaseThread& database,
            const Leftover& leftover) {
  const Settlement settlement(folder, leftover.now_ms);
  database.submit([&](ResultsStore& store) { settlement.end_unfinished(store); }).get();
  if (!leftover.may_lack_attempts) {
    return;
  }
  for (const std::string& run_id : folder.find_runs("", std::numeric_limits<std::size_t>::max())) {
    database.submit([&](ResultsStore& store) { settlement.adopt_unknown(store, run_id); }).get();
  }
}

}  // namespace glimpse::launcher
