#pragma once

// A study as the coordinator runs it: its plan in the ledger, the trials that are left to do, and
// what their agents are told. Plans again as results come in, since a selection's second stage is
// named by the first. One thread.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "experiments/faults.h"
#include "launcher/plan_view.h"
#include "launcher/schedule/scheduler.h"
#include "launcher/study_source.h"
#include "launcher/transport/job.h"
#include "launcher/trial_durations.h"
#include "storage/files/run_folder.h"
#include "storage/sqlite/database_thread.h"
#include "storage/sqlite/ledger_reader.h"

namespace glimpse::launcher {

// A trial that is left to do. Its demand's study is filled in by the coordinator.
struct WaitingTrial {
  storage::TrialId trial = 0;
  std::string run_id;
  TrialDemand demand;
  std::size_t view = 0;     // of the plan that named it
  std::size_t planned = 0;  // place among that plan's trials
};

class StudyRun {
 public:
  // References outlive the object. The study's text is stored in the folder.
  StudyRun(LoadedStudy loaded, const Settings& settings, storage::DatabaseThread& database);

  // The next plan() takes up failed trials again: all, or those whose last failure is of a class.
  void retry_failed(std::optional<experiments::FaultClass> only) { retry_ = {true, only}; }
  // Brings the ledger up to what the results say now, and gives what is left to do and was not
  // given before.
  std::vector<WaitingTrial> plan(std::int64_t now_ms);
  // Whether results may name trials that no plan could name before.
  [[nodiscard]] bool is_undecided() const { return !views_.empty() && undecided_ > 0; }

  // Trials of the plan that had failed for good before this run.
  [[nodiscard]] std::size_t failed_before() const { return failed_before_; }

  [[nodiscard]] const experiments::Study& study() const { return loaded_.study; }
  [[nodiscard]] StudyRules rules() const;
  // "3f9a0c12 model=conv seed=2": what tells a trial from the others of its plan.
  [[nodiscard]] std::string label(const WaitingTrial& waiting) const;
  // As many as it will train; 0 where nobody knows.
  [[nodiscard]] std::int64_t epochs(const WaitingTrial& waiting) const;
  // Attempt and slots are filled in when it starts.
  [[nodiscard]] Job make_job(const WaitingTrial& waiting) const;
  // Writes trial.json, unless it is there. To be called on any thread.
  [[nodiscard]] std::function<void()> trial_writer(const WaitingTrial& waiting) const;

 private:
  void add_to_ledger(const PlanView& view, std::int64_t now_ms);
  [[nodiscard]] std::vector<storage::TrialFacts> read_trials(storage::TrialState state) const;
  [[nodiscard]] TrialDemand make_demand(const PlanView& view,
                                        const TrialDurations& durations,
                                        const experiments::PlannedTrial& planned,
                                        const storage::TrialFacts& facts) const;
  [[nodiscard]] int count_failures(const storage::TrialFacts& facts) const;
  [[nodiscard]] experiments::Assignment parameters_of(const PlanView& view,
                                                      std::uint32_t configuration) const;
  void add_continued(const PlanView& view);
  void requeue_failed();

  LoadedStudy loaded_;
  const Settings& settings_;
  storage::DatabaseThread& database_;
  storage::ResultsFolder folder_;
  std::string text_hash_;
  std::string command_code_;  // of commands
  storage::StudyId study_ = 0;
  // Every plan that named a trial which is still to be told of.
  std::vector<std::unique_ptr<PlanView>> views_;
  std::uint64_t undecided_ = 0;
  std::size_t failed_before_ = 0;
  struct {
    bool is_asked = false;
    std::optional<experiments::FaultClass> only = {};
  } retry_;
  std::unordered_set<std::string> given_;                   // keys
  std::unordered_map<std::string, std::string> continued_;  // run ids, by key of what goes on
};

}  // namespace glimpse::launcher
