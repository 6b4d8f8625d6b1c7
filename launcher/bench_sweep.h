#pragma once

// A sweep as a benchmark runs it: with the coordinator, agent and database of `glimpse run`, in a
// folder that is gone afterwards. One thread, besides the database's.

#include <optional>
#include <string>
#include <vector>

#include "launcher/children/children.h"
#include "launcher/env.h"
#include "launcher/held_results.h"
#include "launcher/interruption.h"

namespace glimpse::launcher {

struct SweepTimes {
  std::size_t trials = 0;
  double wall_s = 0;          // from the study's text to the last commit
  double plan_s = 0;          // of these: until the plan is in the ledger
  double loop_cpu_s = 0;      // of the thread with coordinator and agent
  double database_cpu_s = 0;  // of the other one
};

// Where the folders of trials lie. All else is on the disk, the database too.
enum class RunFolders { kOnDisk, kInMemory };

class BenchSweep {
 public:
  // References outlive the object.
  BenchSweep(Env& env, const Interruption& interruption, RunFolders folders);

  // Throws Interrupted where a signal came, std::runtime_error where trials failed.
  SweepTimes run(const std::string& study, Children& children, int slots);

  // What the sweep left, for Query.
  [[nodiscard]] const Settings& settings() const { return settings_; }

 private:
  Env& env_;
  const Interruption& interruption_;
  LocalFolder folder_;
  std::optional<LocalFolder> runs_;
  Settings settings_;
};

}  // namespace glimpse::launcher
