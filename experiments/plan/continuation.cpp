#include "experiments/plan/continuation.h"

#include <map>
#include <optional>
#include <string>

#include "experiments/model_table.h"

namespace glimpse::experiments {
namespace {

// What a configuration is but for its length, and its length.
struct Length {
  KeyMaker rest;
  double epochs = 0;
  bool may_go_on = false;  // no: its numbers depend on the length
};

class Lengths {
 public:
  Lengths(const PlannedStudy& planned, const FileHasher& hash_file)
      : plan_(planned.plan),
        graph_(planned.study, plan_.columns, names(planned.study)),
        keys_(planned.study, plan_.columns, graph_, hash_file),
        state_(graph_.make_state()) {}

  [[nodiscard]] Length of(std::size_t configuration) {
    const std::size_t width = plan_.columns.size();
    const auto begin = plan_.cells.begin() + static_cast<std::ptrdiff_t>(configuration * width);
    std::vector<std::uint32_t> cells(begin, begin + static_cast<std::ptrdiff_t>(width));
    graph_.prune(cells, state_);
    const Value* epochs = graph_.value(graph_.index_of("epochs"), state_);
    return {.rest = keys_.make_key_maker({cells, state_}, "epochs"),
            .epochs = std::get<double>(*epochs),
            .may_go_on = !depends_on_epochs(plan_.assignment(configuration))};
  }

 private:
  static std::vector<std::string> names(const Study& study) {
    std::vector<std::string> names = names_for_keys(study);
    names.emplace_back("epochs");
    return names;
  }

  const Plan& plan_;
  ParameterGraph graph_;
  ConfigurationKeys keys_;
  ParameterGraph::State state_;
};

// Trials of one kind by their length.
using Runs = std::map<double, TrialKey>;

std::map<TrialKey, Runs> index_runs(const PlannedStudy& planned, const FileHasher& hash_file) {
  Lengths lengths(planned, hash_file);
  std::map<TrialKey, Runs> runs;
  for (const PlannedTrial& trial : planned.plan.trials) {
    const Length length = lengths.of(trial.configuration);
    runs[length.rest.key(trial.seed)].emplace(length.epochs, trial.key);
  }
  return runs;
}

}  // namespace

std::vector<Continuation> find_continuations(const PlannedStudy& longer,
                                             const PlannedStudy& earlier,
                                             const FileHasher& hash_file) {
  std::vector<Continuation> found;
  if (longer.study.kind != StudyKind::kTrain || earlier.study.kind != StudyKind::kTrain) {
    return found;
  }
  const auto runs = index_runs(earlier, hash_file);
  Lengths lengths(longer, hash_file);
  for (std::uint32_t i = 0; i < longer.plan.trials.size(); ++i) {
    const PlannedTrial& trial = longer.plan.trials[i];
    const Length length = lengths.of(trial.configuration);
    const auto same = runs.find(length.rest.key(trial.seed));
    if (same == runs.end() || !length.may_go_on) {
      continue;
    }
    const auto next = same->second.lower_bound(length.epochs);
    if (next != same->second.begin()) {
      const auto& [epochs, key] = *std::prev(next);
      found.push_back({.trial = i, .from = key, .from_epochs = epochs});
    }
  }
  return found;
}

}  // namespace glimpse::experiments
