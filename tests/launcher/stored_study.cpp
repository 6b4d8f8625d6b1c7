#include "tests/launcher/stored_study.h"

#include "experiments/plan/plan_keys.h"
#include "launcher/dataset_store.h"
#include "launcher/run/ledger_plan.h"
#include "launcher/study_source.h"
#include "launcher/study_text.h"
#include "storage/files/run_folder.h"
#include "storage/sqlite/transaction.h"

namespace glimpse::tests {

std::vector<storage::TrialId> store_study(const std::string& file,
                                          const launcher::Settings& settings,
                                          storage::ResultsStore& store) {
  const storage::ResultsFolder folder(settings.results_dir());
  const launcher::LoadedStudy loaded = launcher::load_study(file, {}, settings);
  const launcher::PlanView view = launcher::make_plan_view(loaded, settings);
  const std::string code = experiments::command_code(loaded.study, launcher::sha256_of_file);
  const launcher::LedgerPlan plan(loaded.study, view, code);
  const std::string hash = launcher::store_study_text(loaded, folder);
  store.ledger().add_plan(launcher::study_entry(loaded.study, hash), plan.trials(), 1);
  std::vector<storage::TrialId> trials;
  for (const storage::PlannedTrialEntry& entry : plan.trials()) {
    trials.push_back(store.reader().find_trial(entry.key).value());
  }
  return trials;
}

void complete_trials(const std::vector<storage::TrialId>& trials,
                     std::int64_t epochs,
                     const LossOf& loss_of,
                     storage::ResultsStore& store) {
  constexpr std::int64_t kEpochMs = 1000;
  storage::Transaction transaction(store.database());
  for (std::size_t run = 0; run < trials.size(); ++run) {
    const auto attempt = store.ledger().start_attempt(trials[run], {"node1", 0}, 1).attempt;
    for (std::int64_t epoch = 1; epoch <= epochs; ++epoch) {
      store.ingest().ingest(attempt,
                            epoch,
                            kEpochMs * epoch,
                            storage::EpochRecord{.epoch = epoch,
                                                 .metrics = {{"loss", loss_of(run, epoch)}},
                                                 .timings = {{"seconds_train", 0.5}}});
    }
    store.ingest().ingest(attempt, epochs + 1, kEpochMs * epochs, storage::FinishedRecord{});
  }
  transaction.commit();
}

}  // namespace glimpse::tests
