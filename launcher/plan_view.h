#pragma once

// What a plan means here: what of it has run, which datasets it needs, what it will cost. Joins the
// plan with the results folder; reads only.

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "experiments/plan/plan.h"
#include "launcher/settings.h"
#include "launcher/study_source.h"

namespace glimpse::launcher {

struct PlannedDataset {
  experiments::DatasetSpec spec;
  std::string identity;
  std::filesystem::path path;
  bool is_built = false;  // a file is there, can be opened, and is that dataset
  std::string problem;    // what is wrong with a file that is there
};

// Its values stay in the plan's table: there may be millions.
struct PlannedConfiguration {
  double flops = 0;           // of one trial; 0 for commands and for files that are not there yet
  std::uint32_t dataset = 0;  // place in PlanView::datasets, where there are any
  std::uint32_t trials = 0;
  std::uint32_t done = 0;
  std::uint32_t failed = 0;
};

struct PlanView {
  experiments::Plan plan;
  std::vector<PlannedConfiguration> configurations;
  std::vector<std::size_t> column_order;  // of plan.columns, for people
  std::vector<PlannedDataset> datasets;
  std::unordered_map<std::string, std::string> states;  // by key: what the results say
  std::map<std::string, std::uint64_t> trials_by_state;
  std::uint64_t first_stage = 0;   // trials
  std::uint64_t second_stage = 0;  // trials of decided cells
  double flops = 0;                // of all trials, those that are undecided included
  double flops_left = 0;           // of those that are not done
};

// Throws StudyError that tells the line of each culprit, or that it was typed.
experiments::Plan plan_study(const LoadedStudy& loaded, const Settings& settings);
PlanView make_plan_view(const LoadedStudy& loaded, const Settings& settings);
// The same by what another database than the folder's says.
PlanView make_plan_view(const LoadedStudy& loaded,
                        const Settings& settings,
                        const std::filesystem::path& database);

// The datasets of all configurations, each once.
std::vector<PlannedDataset> planned_datasets(const experiments::Study& study,
                                             const experiments::Plan& plan,
                                             const Settings& settings);

// Null where the parameter has no meaning in the configuration.
const experiments::Value* value_of(const experiments::Plan& plan,
                                   std::size_t configuration,
                                   std::size_t column);

// "done", "failed", ...; "" where the results do not know the trial.
std::string state_of(const PlanView& view, const experiments::TrialKey& key);

}  // namespace glimpse::launcher
