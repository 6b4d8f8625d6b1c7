#pragma once

// A study as the coordinator runs it: its plan in the ledger, and the pending trials with what
// their workers are told. Plans again as results come in, since a selection's second stage is named
// by the first.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "launcher/plan_view.h"
#include "launcher/run/coordinator.h"
#include "launcher/study_source.h"
#include "storage/files/run_folder.h"
#include "storage/sqlite/database_thread.h"

namespace glimpse::launcher {

class StudyRun {
 public:
  // References outlive the object. The study's text is stored in the folder.
  StudyRun(const LoadedStudy& loaded, const Settings& settings, storage::DatabaseThread& database);

  // Brings the ledger up to what the results say now, and gives what is left to do.
  std::vector<RunnableTrial> plan(std::int64_t now_ms);

 private:
  storage::StudyId add_to_ledger(const PlanView& view, std::int64_t now_ms);
  [[nodiscard]] RunnableTrial make_runnable(const PlanView& view,
                                            const experiments::PlannedTrial& planned,
                                            storage::TrialId trial) const;
  void write_trial(const PlanView& view,
                   const experiments::PlannedTrial& planned,
                   const experiments::Assignment& resolved) const;

  const LoadedStudy& loaded_;
  const Settings& settings_;
  storage::DatabaseThread& database_;
  storage::ResultsFolder folder_;
  std::string text_hash_;
};

}  // namespace glimpse::launcher
