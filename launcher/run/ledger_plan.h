#pragma once

// A plan as the ledger takes it. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "experiments/study.h"
#include "experiments/value.h"
#include "launcher/plan_view.h"
#include "storage/sqlite/ledger.h"

namespace glimpse::launcher {

storage::StudyEntry study_entry(const experiments::Study& study, const std::string& text_hash);

// "" for commands.
std::string_view dataset_identity_of(const PlanView& view, std::uint32_t configuration);
// What a trial of a configuration is told: for our models every value, without the dataset's, which
// are in the dataset's identity.
experiments::Assignment trial_parameters(const experiments::Study& study,
                                         const experiments::Assignment& configuration);
// What tells one version of what is run from the next.
std::string trial_code(const experiments::Study& study,
                       const experiments::Assignment& configuration,
                       const std::string& command_code);

// Owns the texts that its entries point at.
class LedgerPlan {
 public:
  // `command_code` is that of commands (experiments::command_code). The view may go afterwards, the
  // study not before the object.
  LedgerPlan(const experiments::Study& study,
             const PlanView& view,
             const std::string& command_code);
  LedgerPlan(const LedgerPlan&) = delete;
  LedgerPlan& operator=(const LedgerPlan&) = delete;
  LedgerPlan(LedgerPlan&&) = default;
  LedgerPlan& operator=(LedgerPlan&&) = delete;
  ~LedgerPlan() = default;

  [[nodiscard]] const std::vector<storage::PlannedTrialEntry>& trials() const { return entries_; }

 private:
  // By configuration.
  std::vector<std::string> parameters_;
  std::vector<std::string> codes_;
  std::vector<std::string> datasets_;
  std::vector<std::string> keys_;  // by trial
  std::vector<storage::PlannedTrialEntry> entries_;
};

}  // namespace glimpse::launcher
