#pragma once

// The configurations of a plan: what a searcher proposes, less what does not apply, duplicates and
// what a study excludes. Remembers what it looked at last, so an object belongs to one thread.

#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "experiments/columns.h"
#include "experiments/parameter_graph.h"
#include "experiments/plan/plan_keys.h"
#include "experiments/plan/searcher.h"
#include "experiments/plan/trial_key.h"
#include "experiments/study.h"
#include "experiments/study_error.h"

namespace glimpse::experiments {

// Collects what is wrong, each thing once.
class PlanIssues {
 public:
  void add(const Issue& issue);
  [[nodiscard]] bool is_full() const;
  // With the first few of them, and how many more there are.
  void throw_if_any(const Study& study);

 private:
  std::vector<Issue> issues_;
  std::set<std::pair<std::string, std::string>> seen_;
};

// Both must outlive the rows.
struct PlanRowInputs {
  const FileHasher& hash_file;
  const ShapeReader& shape_of;
};

class PlanRows {
 public:
  // Throws StudyError where a configuration cannot run, a parameter applies nowhere, an exclude
  // matches nothing, or nothing is left.
  PlanRows(const Study& study, const PlanRowInputs& inputs, Proposals proposals);
  ~PlanRows() = default;
  PlanRows(const PlanRows&) = delete;  // parts of it refer to each other
  PlanRows& operator=(const PlanRows&) = delete;
  PlanRows(PlanRows&&) = delete;
  PlanRows& operator=(PlanRows&&) = delete;

  [[nodiscard]] std::size_t count() const { return count_; }
  [[nodiscard]] const std::vector<PlanColumn>& columns() const { return columns_; }
  [[nodiscard]] const ParameterGraph& graph() const { return graph_; }

  // Valid until the next call of any of these.
  ConfigurationView look_at(std::size_t configuration);
  KeyMaker make_key_maker(std::size_t configuration);
  // With the study's first seed; known already, where a key maker has to work.
  [[nodiscard]] const TrialKey& first_key(std::size_t configuration) const {
    return first_keys_[configuration];
  }
  // Numbers configurations by what these nodes come to, in order of first appearance.
  std::vector<std::uint32_t> group_by(const std::vector<std::size_t>& nodes);

  // Where the study gives this column.
  [[nodiscard]] std::string pointer_to(const std::string& name) const;
  // Ends the object's use.
  std::vector<PlanColumn> take_columns() { return std::move(columns_); }
  std::vector<std::uint32_t> take_cells() { return std::move(cells_); }

 private:
  struct Exclude {
    std::vector<ParameterGraph::Clause> clauses;
    bool has_matched = false;
  };
  struct KeyHash {
    // The key is a hash already.
    std::size_t operator()(const TrialKey& key) const {
      std::size_t hash = 0;
      for (std::size_t i = 0; i < sizeof hash; ++i) {
        hash = hash << 8 | key.bytes[i];
      }
      return hash;
    }
  };

  [[nodiscard]] std::size_t width() const { return columns_.size(); }
  void keep_or_drop(std::span<std::uint32_t> cells, const ShapeReader& shape_of);
  bool is_excluded();
  void check_continuation();
  void note_what_may_apply();
  void check_rows();

  const Study& study_;
  std::vector<PlanColumn> columns_;
  std::vector<std::uint32_t> cells_;
  std::vector<TrialKey> first_keys_;
  std::size_t count_ = 0;
  ParameterGraph graph_;
  ConfigurationKeys keys_;
  ParameterGraph::State state_;  // of the configuration looked at last
  std::vector<Exclude> excludes_;
  std::vector<bool> applies_;  // by column
  std::unordered_set<TrialKey, KeyHash> seen_;
  PlanIssues issues_;
};

}  // namespace glimpse::experiments
