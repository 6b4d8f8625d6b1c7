#pragma once

// Turns a study into trials. Everything here is a pure function of the study, the results recorded
// so far and the hashes of its sources, so a coordinator that starts again plans what the old one
// would have.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "experiments/dataset_spec.h"
#include "experiments/study.h"
#include "experiments/trial_key.h"
#include "experiments/value.h"

namespace glimpse::experiments {

// One line of the plan's value table: a name and every value it takes somewhere in the plan.
struct PlanColumn {
  std::string name;
  std::vector<Value> values;
};

struct PlannedTrial {
  TrialKey key;
  std::uint64_t seed = 1;
  std::uint32_t configuration = 0;  // row of Plan
  std::uint32_t stage = 1;          // 1, or 2 for the winners of a selection
};

// Configurations are rows of small numbers into the columns' value lists: a million of them take
// tens of megabytes where a map each would take a gigabyte.
class Plan {
 public:
  static constexpr std::uint32_t kAbsent = UINT32_MAX;  // the parameter has no meaning there

  std::vector<PlanColumn> columns;   // sorted by name
  std::vector<std::uint32_t> cells;  // configurations() * columns.size()
  std::vector<PlannedTrial> trials;  // stage one first; then by configuration, then by seed
  // Trials of stage two that no plan can name yet, because stage one has not decided their cell.
  std::uint64_t undecided_trials = 0;

  [[nodiscard]] std::size_t configurations() const;
  // What the study says of this configuration: no defaults, nothing that does not apply.
  [[nodiscard]] Assignment assignment(std::size_t configuration) const;
};

// What is known of a trial that has ended.
struct TrialResult {
  bool is_complete = false;            // done and not diverged
  std::map<std::string, double> best;  // metric name -> best value over its epochs
};
using History = std::function<std::optional<TrialResult>(const TrialKey&)>;

struct PlanInputs {
  History history;       // empty: nothing has run yet
  FileHasher hash_file;  // for imported datasets and command studies
};

// Throws StudyError (pointer into the study) for what cannot be planned: a crop too small for its
// model, an exclude that matches nothing, a parameter that applies nowhere, a grid too large.
Plan make_plan(const Study& study, const PlanInputs& inputs);

// How many configurations the parameters span before duplicates are merged and `exclude` is
// applied; nothing is expanded, and nothing overflows: past 2^63 the count stays there.
std::uint64_t count_configurations(const Study& study);

// A study may not span more than this many; larger spaces are what method "random" is for.
inline constexpr std::uint64_t kMaxConfigurations = 10'000'000;

// The trial's full dataset: the study's, with the configuration's `dataset.*` values put in.
DatasetSpec dataset_of(const Study& study, const Assignment& assignment);

}  // namespace glimpse::experiments
