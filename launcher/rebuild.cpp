#include "launcher/rebuild.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "experiments/json/trial_json.h"
#include "experiments/plan/plan_keys.h"
#include "experiments/study_error.h"
#include "launcher/dataset_store.h"
#include "launcher/plan_view.h"
#include "launcher/rebuild_trials.h"
#include "launcher/run/attempt_history.h"
#include "launcher/run/journal_content.h"
#include "launcher/run/ledger_plan.h"
#include "launcher/study_source.h"
#include "storage/sqlite/results_store.h"
#include "storage/sqlite/transaction.h"
#include "storage/storage_error.h"

namespace glimpse::launcher {
namespace {

namespace fs = std::filesystem;

using experiments::TrialFile;
using storage::AttemptFolder;
using storage::AttemptState;
using storage::IngestResult;
using storage::PlannedTrialEntry;
using storage::StorageError;

constexpr std::size_t kRunIdDigits = 32;
// Numbers without a folder are attempts that died before they had one. Nobody has so many of them
// in a row: then a folder has a wrong name.
constexpr std::uint64_t kMostMissing = 1000;
constexpr const char* kLost = "nothing tells of its end";

std::int64_t written_ms(const fs::path& path) {
  std::error_code error;
  const auto time = fs::last_write_time(path, error);
  if (error) {
    return 0;
  }
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::file_clock::to_sys(time).time_since_epoch())
      .count();
}

struct StoredStudy {
  LoadedStudy loaded;
  std::string text_hash;
  std::int64_t stored_ms = 0;
  std::string command_code = {};
  // By the results that are back so far.
  std::unique_ptr<PlanView> view = {};
  std::unique_ptr<LedgerPlan> plan = {};
};

class Rebuild {
 public:
  Rebuild(const fs::path& database, const storage::ResultsFolder& folder, const Settings& settings)
      : folder_(folder), settings_(settings), store_(database) {
    // Until it is whole, nobody needs it after a power cut.
    store_.database().execute("PRAGMA synchronous = OFF");
  }

  RebuildOutcome run();

 private:
  void load_trials();
  void load_trial(const std::string& run_id);
  void load_studies();
  void load_study_text(const std::string& hash);
  bool plan_again();
  void plan(StoredStudy& study);
  void add(StoredStudy& study, const std::vector<PlannedTrialEntry>& entries);
  void add_planned();
  void add_versions();
  bool recover_runs();
  void recover(const std::string& run_id, storage::TrialId trial);
  void recover_attempts(const std::string& run_id,
                        storage::TrialId trial,
                        const std::vector<std::uint64_t>& numbers);
  void recover_attempt(const AttemptFolder& folder, storage::TrialId trial);
  void ingest(const AttemptFolder& folder, storage::AttemptId attempt, JournalContent& content);
  void lose(const std::string& kind, const fs::path& file, const std::string& why) {
    outcome_.losses.push_back({kind, file, why});
  }
  void name_the_rest();

  const storage::ResultsFolder& folder_;
  const Settings& settings_;
  storage::ResultsStore store_;
  std::map<std::string, TrialFile> trials_;  // by run id
  std::vector<std::string> runs_;            // all that have a folder
  std::vector<StoredStudy> studies_;
  std::unordered_set<std::string> planned_;  // keys, by any plan so far
  struct Linked {
    storage::TrialId trial = 0;
    int retry_max = 0;  // of the study that named it first
  };
  std::unordered_map<std::string, Linked> linked_;  // run ids that the ledger knows
  std::unordered_set<std::string> recovered_;
  RebuildOutcome outcome_;
};

RebuildOutcome Rebuild::run() {
  load_trials();
  load_studies();
  // What a selection's second stage is, its first one says.
  do {
    if (!plan_again()) {
      break;
    }
    add_planned();
  } while (recover_runs());
  add_versions();
  recover_runs();
  name_the_rest();
  for (const StoredStudy& study : studies_) {
    outcome_.studies.push_back({.name = study.loaded.study.name,
                                .text_hash = study.text_hash,
                                .trials = study.plan ? study.plan->trials().size() : 0});
  }
  outcome_.runs = recovered_.size();
  store_.database().close_cleanly();
  return std::move(outcome_);
}

void Rebuild::load_trials() {
  runs_ = folder_.find_runs("", SIZE_MAX);
  for (const std::string& run_id : runs_) {
    load_trial(run_id);
  }
}

// Without its file a run still comes back where a plan names it.
void Rebuild::load_trial(const std::string& run_id) {
  const fs::path file = folder_.trial_file(run_id);
  std::error_code ignored;
  if (!fs::exists(file, ignored)) {
    return;
  }
  try {
    TrialFile trial = experiments::parse_trial(folder_.load_trial(run_id), file.string());
    if (trial.key.starts_with(run_id)) {
      trials_.emplace(run_id, std::move(trial));
    } else {
      lose("trial", file, "its key is not that of its folder");
    }
  } catch (const experiments::StudyError& error) {
    lose("trial", file, render_issue("trial.json", error.issues().front()));
  } catch (const StorageError& error) {
    lose("trial", file, error.what());
  }
}

void Rebuild::load_studies() {
  for (const std::string& hash : folder_.list_studies()) {
    const fs::path file = folder_.study_file(hash);
    if (sha256_of_file(file.string()).substr(0, hash.size()) != hash) {
      lose("study", file, "the text does not match the hash in its name");
      continue;
    }
    load_study_text(hash);
  }
  std::ranges::stable_sort(studies_, {}, &StoredStudy::stored_ms);
}

void Rebuild::load_study_text(const std::string& hash) {
  const fs::path file = folder_.study_file(hash);
  try {
    StoredStudy study{.loaded = load_study(fs::absolute(file).string(), {}, settings_),
                      .text_hash = hash,
                      .stored_ms = written_ms(file)};
    if (study.loaded.study.kind == experiments::StudyKind::kCommand) {
      study.command_code = experiments::command_code(study.loaded.study, sha256_of_file);
    }
    studies_.push_back(std::move(study));
  } catch (const experiments::StudyError& error) {
    lose("study",
         file,
         "cannot be planned any more: " + render_issue("the text", error.issues().front()));
  }
}

// False where no plan can have changed since the last time.
bool Rebuild::plan_again() {
  bool has_changed = false;
  for (StoredStudy& study : studies_) {
    if (study.view == nullptr || study.view->plan.undecided_trials > 0) {
      plan(study);
      has_changed = true;
    }
  }
  std::erase_if(studies_, [](const StoredStudy& study) { return study.view == nullptr; });
  return has_changed;
}

void Rebuild::plan(StoredStudy& study) {
  const experiments::Study& text = study.loaded.study;
  try {
    study.view = std::make_unique<PlanView>(
        make_plan_view(study.loaded, settings_, store_.database().path()));
    study.plan = std::make_unique<LedgerPlan>(text, *study.view, study.command_code);
  } catch (const experiments::StudyError& error) {
    study.view.reset();
    lose("study",
         folder_.study_file(study.text_hash),
         "cannot be planned any more: " + render_issue("the text", error.issues().front()));
    return;
  }
  for (const PlannedTrialEntry& entry : study.plan->trials()) {
    planned_.emplace(entry.key);
  }
}

// Studies are always added in the same order: which of them came first says whose metric counts.
void Rebuild::add(StoredStudy& study, const std::vector<PlannedTrialEntry>& entries) {
  const experiments::Study& text = study.loaded.study;
  const storage::StudyId id =
      store_.ledger().add_plan(study_entry(text, study.text_hash), entries, study.stored_ms).study;
  for (const storage::TrialFacts& facts : store_.reader().trials(id)) {
    linked_.try_emplace(facts.key.substr(0, kRunIdDigits), Linked{facts.trial, text.retry_max});
  }
}

// A trial that never began is left for later where one of an older version may stand for it.
void Rebuild::add_planned() {
  std::unordered_set<std::string> unplanned;
  for (const auto& [run_id, trial] : trials_) {
    if (!planned_.contains(trial.key)) {
      unplanned.insert(version_free_text(trial));
    }
  }
  const std::unordered_set<std::string> begun(runs_.begin(), runs_.end());
  for (StoredStudy& study : studies_) {
    std::vector<PlannedTrialEntry> entries;
    for (std::size_t i = 0; i < study.plan->trials().size(); ++i) {
      const PlannedTrialEntry& entry = study.plan->trials()[i];
      const std::string run_id(entry.key.substr(0, kRunIdDigits));
      if (begun.contains(run_id) || unplanned.empty() ||
          !unplanned.contains(
              version_free_text(study.loaded.study, *study.view, study.view->plan.trials.at(i)))) {
        entries.push_back(entry);
      }
    }
    add(study, entries);
  }
}

// Runs of a version that no plan names any more stand where a plan names the same trial now.
void Rebuild::add_versions() {
  PlacesInPlans places;
  for (std::size_t s = 0; s < studies_.size(); ++s) {
    const StoredStudy& study = studies_[s];
    for (std::size_t i = 0; i < study.plan->trials().size(); ++i) {
      places.add(version_free_text(study.loaded.study, *study.view, study.view->plan.trials.at(i)),
                 study.loaded.study.name,
                 std::string(study.plan->trials()[i].key),
                 {s, i});
    }
  }
  std::vector<std::vector<PlannedTrialEntry>> entries(studies_.size());
  std::vector<std::unordered_set<std::size_t>> replaced(studies_.size());
  for (const auto& [run_id, trial] : trials_) {
    if (linked_.contains(run_id)) {
      continue;
    }
    for (const PlaceInPlan& place : places.find(version_free_text(trial))) {
      PlannedTrialEntry entry = studies_[place.study].plan->trials().at(place.trial);
      entry.key = trial.key;
      entry.code = trial.code;
      entries[place.study].push_back(entry);
      replaced[place.study].insert(place.trial);
    }
  }
  for (std::size_t s = 0; s < studies_.size(); ++s) {
    for (std::size_t i = 0; i < studies_[s].plan->trials().size(); ++i) {
      if (!replaced[s].contains(i)) {
        entries[s].push_back(studies_[s].plan->trials()[i]);
      }
    }
    add(studies_[s], entries[s]);
  }
}

// Whether anything came back that was not back before.
bool Rebuild::recover_runs() {
  bool has_more = false;
  for (const std::string& run_id : runs_) {
    const auto linked = linked_.find(run_id);
    if (linked != linked_.end() && recovered_.insert(run_id).second) {
      storage::Transaction transaction(store_.database());
      recover(run_id, linked->second.trial);
      const auto attempts = store_.reader().attempts(linked->second.trial);
      if (has_failed_for_good(attempts, linked->second.retry_max)) {
        store_.ledger().fail_trial(linked->second.trial);
      }
      transaction.commit();
      has_more = true;
    }
  }
  return has_more;
}

void Rebuild::recover(const std::string& run_id, storage::TrialId trial) {
  const std::vector<std::uint64_t> numbers = folder_.list_attempts(run_id);
  if (!numbers.empty() && numbers.back() > numbers.size() + kMostMissing) {
    lose("trial",
         folder_.attempt_folder(run_id, numbers.back()).path,
         "there are not so many attempts: the folder has a wrong name");
    return;
  }
  recover_attempts(run_id, trial, numbers);
}

void Rebuild::recover_attempts(const std::string& run_id,
                               storage::TrialId trial,
                               const std::vector<std::uint64_t>& numbers) {
  const std::uint64_t last = numbers.empty() ? 0 : numbers.back();
  for (std::uint64_t number = 1; number <= last; ++number) {
    const AttemptFolder folder = folder_.attempt_folder(run_id, number);
    if (store_.reader().pick_run(run_id).state != storage::TrialState::kPending) {
      lose("trial", folder.path, "an attempt before it has finished the trial");
      return;
    }
    recover_attempt(folder, trial);
  }
}

void Rebuild::recover_attempt(const AttemptFolder& folder, storage::TrialId trial) {
  std::error_code ignored;
  JournalContent content;
  if (fs::exists(folder.journal(), ignored)) {
    content = read_journal(folder.journal());
  } else if (fs::exists(folder.path, ignored) && !fs::is_empty(folder.path, ignored)) {
    // Without a folder, or in an empty one, nothing had happened yet when its agent died.
    lose("journal", folder.journal(), "missing: the attempt counts as lost");
  }
  const std::int64_t began_ms =
      content.records.empty() ? written_ms(folder.path) : content.records.front().t_ms;
  const std::int64_t ended_ms = content.records.empty() ? began_ms : content.records.back().t_ms;
  const storage::StartedAttempt started = store_.ledger().start_attempt(trial, {}, began_ms);
  ++outcome_.attempts;
  ingest(folder, started.attempt, content);
  if (store_.reader().attempts(trial).back().state == AttemptState::kRunning) {
    store_.ledger().end_attempt(
        started.attempt, {.state = AttemptState::kLost, .message = kLost}, ended_ms);
  }
  if (!content.damage.empty()) {
    lose("journal", folder.journal(), content.damage);
  }
}

void Rebuild::ingest(const AttemptFolder& folder,
                     storage::AttemptId attempt,
                     JournalContent& content) {
  for (storage::NumberedRecord& record : content.records) {
    record.attempt = attempt;
  }
  const std::vector<IngestResult> results = store_.ingest().ingest(content.records);
  const auto refused = std::ranges::find_if(
      results, [](IngestResult result) { return result != IngestResult::kTaken; });
  outcome_.records += static_cast<std::size_t>(refused - results.begin());
  if (refused != results.end() && content.damage.empty()) {
    content.damage = folder.journal().string() + ": line " +
                     std::to_string(refused - results.begin() + 1) + ": no record can stand here";
  }
  // Whoever took a checkpoint away told only the old database of it.
  for (const std::string& file : content.checkpoints) {
    std::error_code ignored;
    if (!fs::exists(folder.path / file, ignored)) {
      store_.ledger().remove_artifact(attempt, file);
    }
  }
}

void Rebuild::name_the_rest() {
  for (const std::string& run_id : runs_) {
    if (!linked_.contains(run_id)) {
      lose("trial",
           folder_.trial_file(run_id),
           "no stored study plans it, or several could: its results stay in its folder alone");
    }
  }
}

}  // namespace

RebuildOutcome rebuild_results(const fs::path& database,
                               const storage::ResultsFolder& folder,
                               const Settings& settings) {
  return Rebuild(database, folder, settings).run();
}

}  // namespace glimpse::launcher
