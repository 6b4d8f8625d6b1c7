#include "reports/study_results.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace glimpse::reports {
namespace {

using experiments::Assignment;
using experiments::SelectionCell;
using experiments::Table;
using experiments::Value;

bool has(const Assignment& configuration, const std::string& name, const Value& value) {
  const auto found = configuration.find(name);
  return found != configuration.end() && found->second == value;
}

// Those by which the configurations differ: that a parameter has no meaning counts as a value.
std::set<std::string> varying_names(const std::vector<Assignment>& configurations) {
  std::set<std::string> names;
  for (const Assignment& configuration : configurations) {
    const Assignment& first = configurations.front();
    for (const auto& [name, value] : configuration) {
      if (!has(first, name, value)) {
        names.insert(name);
      }
    }
    for (const auto& [name, value] : first) {
      if (!has(configuration, name, value)) {
        names.insert(name);
      }
    }
  }
  return names;
}

class Cells {
 public:
  explicit Cells(const StudyResults& results)
      : results_(results),
        table_(table_of(results.study)),
        place_names_(varying_names(results.configurations)),
        selection_(results.configurations.size()) {
    place_names_.insert(table_.rows);
    place_names_.insert(table_.columns);
    if (table_.select) {
      for (const std::string& name : table_.select->over) {
        place_names_.erase(name);
      }
    }
    for (const SelectionCell& cell : results.selection) {
      for (const experiments::Candidate& candidate : cell.candidates) {
        selection_.at(candidate.configuration) = &cell;
      }
    }
  }

  std::vector<CellRuns> take() {
    for (const RunResult& run : results_.runs) {
      add(run);
    }
    return std::move(cells_);
  }

 private:
  void add(const RunResult& run) {
    const SelectionCell* const choice = selection_.at(run.configuration);
    const bool has_winner = choice != nullptr && choice->winner.has_value();
    if (has_winner && *choice->winner != run.configuration) {
      return;
    }
    const bool counts = choice == nullptr || has_winner;
    CellRuns& cell = cell_at(run.configuration);
    cell.is_decided = choice == nullptr || choice->is_decided;
    if (counts) {
      cell.configuration = results_.configurations[run.configuration];
    }
    cell.seeds.push_back({.seed = run.seed,
                          .run_id = run.run_id,
                          .state = run.state,
                          .value = counts ? run.value : std::nullopt});
  }

  CellRuns& cell_at(std::uint32_t configuration) {
    Assignment place;
    for (const auto& [name, value] : results_.configurations[configuration]) {
      if (place_names_.contains(name)) {
        place.emplace(name, value);
      }
    }
    const auto [known, is_new] = by_place_.emplace(std::move(place), cells_.size());
    if (is_new) {
      cells_.push_back({.place = known->first});
    }
    return cells_[known->second];
  }

  const StudyResults& results_;
  Table table_;
  std::set<std::string> place_names_;
  std::vector<const SelectionCell*> selection_;  // by configuration; null where nothing selects
  std::map<Assignment, std::size_t> by_place_;
  std::vector<CellRuns> cells_;
};

}  // namespace

Table table_of(const experiments::Study& study) {
  if (study.table) {
    return *study.table;
  }
  Table table;
  if (study.kind == experiments::StudyKind::kCommand) {
    table.metric = study.metric.name;
  }
  return table;
}

std::vector<CellRuns> cells_of(const StudyResults& results) {
  return Cells(results).take();
}

}  // namespace glimpse::reports
