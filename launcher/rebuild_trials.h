#pragma once

// Which planned trial a trial.json belongs to whose key nothing plans any more: the program that a
// study starts, or the code of a model, has changed since. Pure.

#include <map>
#include <string>
#include <vector>

#include "experiments/json/trial_json.h"
#include "launcher/plan_view.h"

namespace glimpse::launcher {

// All that a trial is told and runs on: equal for two trials that differ in the version of their
// program alone.
std::string version_free_text(const experiments::TrialFile& trial);
std::string version_free_text(const experiments::Study& study,
                              const PlanView& view,
                              const experiments::PlannedTrial& trial);

struct PlaceInPlan {
  std::size_t study = 0;
  std::size_t trial = 0;

  bool operator==(const PlaceInPlan&) const = default;
};

// Of all studies, by the text above. Where several plan one text with different keys, they start
// different programs: under one name the one that was added last counts, and under different names
// it cannot be told for which of them a trial ran.
class PlacesInPlans {
 public:
  void add(const std::string& text,
           const std::string& study_name,
           const std::string& key,
           PlaceInPlan place);
  // None where nothing plans it, or where it cannot be told.
  [[nodiscard]] std::vector<PlaceInPlan> find(const std::string& text) const;

 private:
  struct Owner {
    std::string name;
    std::string key;
    std::vector<PlaceInPlan> places;
    bool is_unclear = false;
  };
  std::map<std::string, Owner> owners_;
};

}  // namespace glimpse::launcher
