#include "experiments/plan/plan.h"

#include <algorithm>
#include <span>
#include <string>
#include <utility>

#include "experiments/plan/plan_rows.h"
#include "experiments/plan/plan_size.h"
#include "experiments/plan/searcher.h"
#include "experiments/study_check.h"

namespace glimpse::experiments {
namespace {

// Turns configurations into trials.
class Planner {
 public:
  Planner(const Study& study, const PlanInputs& inputs, Proposals proposals)
      : study_(study),
        history_(inputs.history),
        rows_(study, {inputs.hash_file, inputs.shape_of}, std::move(proposals)) {
    if (study.table) {
      table_ = &*study.table;
    }
    if (table_ != nullptr && table_->select) {
      selection_ = &*table_->select;
    }
  }

  Plan make() {
    check_trial_count();
    if (table_ != nullptr) {
      check_table_cells();
    }
    if (selection_ != nullptr) {
      add_selected_trials();
    } else {
      add_all_trials();
    }
    plan_.configuration_count = rows_.count();
    plan_.cells = rows_.take_cells();
    plan_.columns = rows_.take_columns();
    return std::move(plan_);
  }

 private:
  void check_trial_count() {
    if (rows_.count() > kMaxTrials / study_.seeds.size()) {
      throw StudyError(
          study_.name,
          {{.pointer = "/seeds",
            .message = std::to_string(rows_.count()) + " configurations of " +
                       std::to_string(study_.seeds.size()) + " seeds are more trials than the " +
                       std::to_string(kMaxTrials) + " of a plan"}});
    }
  }

  // Every column but those that are selected over.
  [[nodiscard]] std::vector<std::size_t> cell_columns() const {
    const auto over = selection_ == nullptr ? std::vector<std::string>{} : selection_->over;
    std::vector<std::size_t> columns;
    for (std::size_t column = 0; column < rows_.columns().size(); ++column) {
      if (std::find(over.begin(), over.end(), rows_.columns()[column].name) == over.end()) {
        columns.push_back(column);
      }
    }
    return columns;
  }

  // A cell shows one number, so within it nothing may vary but what is selected over. That a
  // parameter does not apply to one of its configurations is no other value.
  void check_table_cells() {
    std::vector<std::size_t> axes = {rows_.graph().index_of(table_->rows)};
    if (!table_->columns.empty()) {
      axes.push_back(rows_.graph().index_of(table_->columns));
    }
    cells_ = rows_.group_by(axes);
    const std::vector<std::size_t> columns = cell_columns();
    std::vector<std::vector<std::uint32_t>> shown;  // by cell, the values of these columns
    PlanIssues issues;
    for (std::size_t i = 0; i < rows_.count(); ++i) {
      if (cells_[i] == shown.size()) {
        shown.emplace_back(columns.size(), kAbsent);
      }
      const auto& values = rows_.look_at(i).state.value;
      for (std::size_t c = 0; c < columns.size(); ++c) {
        std::uint32_t& first = shown[cells_[i]][c];
        const std::uint32_t value = values[columns[c]];
        if (first == kAbsent) {
          first = value;
        } else if (value != kAbsent && value != first) {
          issues.add({.pointer = rows_.pointer_to(rows_.columns()[columns[c]].name),
                      .message = "takes several values within one cell of the table (make it rows "
                                 "or columns, or select over it)"});
        }
      }
    }
    issues.throw_if_any(study_);
  }

  void add_trials(std::size_t configuration,
                  std::span<const std::uint64_t> seeds,
                  std::uint32_t stage) {
    // The first key is known from merging, and large studies have few seeds.
    if (!seeds.empty() && seeds.front() == study_.seeds.front()) {
      add_trial(rows_.first_key(configuration), seeds.front(), configuration, stage);
      seeds = seeds.subspan(1);
    }
    if (seeds.empty()) {
      return;
    }
    const KeyMaker maker = rows_.make_key_maker(configuration);
    for (const std::uint64_t seed : seeds) {
      add_trial(maker.key(seed), seed, configuration, stage);
    }
  }

  void add_trial(const TrialKey& key,
                 std::uint64_t seed,
                 std::size_t configuration,
                 std::uint32_t stage) {
    plan_.trials.push_back({.key = key,
                            .seed = seed,
                            .configuration = static_cast<std::uint32_t>(configuration),
                            .stage = stage});
  }

  void add_all_trials() {
    plan_.trials.reserve(rows_.count() * study_.seeds.size());
    for (std::size_t i = 0; i < rows_.count(); ++i) {
      add_trials(i, study_.seeds, 1);
    }
  }

  // The trials were added last.
  [[nodiscard]] Score score_of_last(std::size_t count) const {
    std::vector<TrialKey> keys;
    for (std::size_t i = plan_.trials.size() - count; i < plan_.trials.size(); ++i) {
      keys.push_back(plan_.trials[i].key);
    }
    return score_of(history_, keys, selection_->best);
  }

  // By the selected parameters' values, in the order in which the study names them.
  bool is_smaller(std::uint32_t a, std::uint32_t b) {
    return selected_values(a) < selected_values(b);
  }

  // A parameter that does not apply comes first.
  std::vector<std::pair<bool, Value>> selected_values(std::size_t configuration) {
    std::vector<std::pair<bool, Value>> values;
    const auto& state = rows_.look_at(configuration).state;
    for (const std::string& name : selection_->over) {
      const Value* value = rows_.graph().value(rows_.graph().index_of(name), state);
      values.emplace_back(value != nullptr, value == nullptr ? Value() : *value);
    }
    return values;
  }

  void add_selected_trials() {
    const auto count = static_cast<std::size_t>(selection_->seeds);
    for (std::size_t i = 0; i < rows_.count(); ++i) {
      add_trials(i, std::span(study_.seeds).first(count), 1);
      if (cells_[i] == plan_.selection.size()) {
        plan_.selection.emplace_back();
      }
      plan_.selection[cells_[i]].candidates.push_back(
          {static_cast<std::uint32_t>(i), score_of_last(count)});
    }
    add_stage_two(std::span(study_.seeds).subspan(count));
  }

  void add_stage_two(std::span<const std::uint64_t> seeds) {
    std::vector<std::uint32_t> winners;
    for (SelectionCell& cell : plan_.selection) {
      decide(cell, study_.metric.goal, [&](auto a, auto b) { return is_smaller(a, b); });
      plan_.undecided_trials += cell.is_decided ? 0 : seeds.size();
      if (cell.winner) {
        winners.push_back(*cell.winner);
      }
    }
    std::sort(winners.begin(), winners.end());
    for (const std::uint32_t winner : winners) {
      add_trials(winner, seeds, 2);
    }
  }

  const Study& study_;
  const History& history_;
  PlanRows rows_;
  const Table* table_ = nullptr;          // null: the study has none
  const Selection* selection_ = nullptr;  // null: its table does not select
  std::vector<std::uint32_t> cells_;      // of the table, by configuration
  Plan plan_;
};

}  // namespace

Assignment Plan::assignment(std::size_t configuration) const {
  Assignment assignment;
  for (std::size_t column = 0; column < columns.size(); ++column) {
    const std::uint32_t cell = cells.at(configuration * columns.size() + column);
    if (cell != kAbsent) {
      assignment.emplace(columns[column].name, columns[column].values[cell]);
    }
  }
  return assignment;
}

Plan make_plan(const Study& study, const PlanInputs& inputs) {
  if (auto issues = check_study(study); !issues.empty()) {
    throw StudyError(study.name, std::move(issues));
  }
  check_plan_size(study);
  return Planner(study, inputs, propose(study)).make();
}

}  // namespace glimpse::experiments
