#include "experiments/parameter_graph.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <stdexcept>

#include "experiments/dataset_table.h"
#include "experiments/model_table.h"

namespace glimpse::experiments {
namespace {

// Where a parameter may come from: one entry per row of a table, or one without a default for what
// only the study knows.
struct Origin {
  Condition when;
  std::optional<Value> standard;
};

template <typename Rows>
std::vector<Origin> origins_among(const Rows& rows, const std::string& name) {
  std::vector<Origin> origins;
  for (const ParameterRow& row : rows) {
    if (row.name == name) {
      origins.push_back({.when = row.when, .standard = row.default_value});
    }
  }
  return origins;
}

}  // namespace

struct ParameterGraph::Builder {
  ParameterGraph& graph;
  const Study& study;
  std::map<std::string, std::size_t, std::less<>> index = {};
  std::vector<std::vector<Origin>> origins = {};
  std::vector<ParameterRow> swept_rows = {};  // of the dataset, once one is asked for

  std::vector<Origin> origins_of(const std::string& name) {
    if (study.dataset && is_dataset_name(name)) {
      if (swept_rows.empty()) {
        swept_rows = swept_dataset_rows(*study.dataset);
      }
      return origins_among(swept_rows, name);
    }
    if (study.kind == StudyKind::kCommand) {
      return std::vector<Origin>(1);
    }
    return origins_among(parameter_rows(), name);
  }

  void add(const std::string& name, const std::vector<Value>& values) {
    if (index.contains(name)) {
      return;
    }
    index.emplace(name, graph.nodes_.size());
    graph.nodes_.push_back({.name = name, .values = values, .rows = {}, .when = {}});
    origins.push_back(origins_of(name));
  }

  [[nodiscard]] const Condition& study_condition(std::size_t node) const {
    static const Condition none;
    const auto found = study.when.find(graph.nodes_[node].name);
    // A study's `when` rules what the study gives, and it gives the columns only.
    return node >= graph.columns_ || found == study.when.end() ? none : found->second;
  }

  void add_named(const Condition& condition) {
    for (const auto& [name, values] : condition) {
      add(name, {});
    }
  }

  // Grows while it runs: what a condition names may have conditions of its own.
  void add_everything_named() {
    for (std::size_t node = 0; node < graph.nodes_.size(); ++node) {
      add_named(study_condition(node));
      const std::vector<Origin> all = origins[node];
      for (const Origin& origin : all) {
        add_named(origin.when);
      }
    }
  }

  static std::uint32_t number_of(std::vector<Value>& values, const Value& value) {
    const auto found = std::find(values.begin(), values.end(), value);
    if (found == values.end()) {
      values.push_back(value);
      return static_cast<std::uint32_t>(values.size() - 1);
    }
    return static_cast<std::uint32_t>(found - values.begin());
  }

  // All values get their numbers before conditions are compiled to lists of them.
  void number_defaults() {
    for (std::size_t node = 0; node < graph.nodes_.size(); ++node) {
      for (const Origin& origin : origins[node]) {
        Row row;
        if (origin.standard) {
          row.standard = number_of(graph.nodes_[node].values, *origin.standard);
        }
        graph.nodes_[node].rows.push_back(std::move(row));
      }
    }
  }

  void compile_conditions() {
    for (std::size_t node = 0; node < graph.nodes_.size(); ++node) {
      graph.nodes_[node].when = graph.compile(study_condition(node));
      for (std::size_t row = 0; row < origins[node].size(); ++row) {
        graph.nodes_[node].rows[row].when = graph.compile(origins[node][row].when);
        graph.cost_ += graph.nodes_[node].rows[row].when.size();
      }
      graph.cost_ += 1 + graph.nodes_[node].when.size();
    }
  }

  [[nodiscard]] std::set<std::size_t> parents(std::size_t node) const {
    std::set<std::size_t> found;
    for (const Clause& clause : graph.nodes_[node].when) {
      found.insert(clause.node);
    }
    for (const Row& row : graph.nodes_[node].rows) {
      for (const Clause& clause : row.when) {
        found.insert(clause.node);
      }
    }
    return found;
  }

  void sort() {
    std::vector<bool> is_placed(graph.nodes_.size(), false);
    while (graph.order_.size() < graph.nodes_.size()) {
      const std::size_t before = graph.order_.size();
      for (std::size_t node = 0; node < graph.nodes_.size(); ++node) {
        const auto named = parents(node);
        if (!is_placed[node] && std::all_of(named.begin(), named.end(), [&](std::size_t parent) {
              return is_placed[parent];
            })) {
          is_placed[node] = true;
          graph.order_.push_back(node);
        }
      }
      if (graph.order_.size() == before) {
        throw std::invalid_argument("conditions depend on each other in a circle");
      }
    }
  }

  void mark_controllers() {
    for (std::size_t node = 0; node < graph.nodes_.size(); ++node) {
      for (const std::size_t parent : parents(node)) {
        graph.nodes_[parent].is_controller = true;
      }
    }
    for (const std::size_t node : graph.order_) {
      if (graph.nodes_[node].is_controller) {
        graph.controllers_.push_back(node);
      }
    }
  }
};

ParameterGraph::ParameterGraph(const Study& study,
                               const std::vector<PlanColumn>& columns,
                               const std::vector<std::string>& also)
    : columns_(columns.size()) {
  Builder builder{*this, study};
  for (const PlanColumn& column : columns) {
    builder.add(column.name, column.values);
    column_sizes_.push_back(column.values.size());
  }
  for (const std::string& name : also) {
    builder.add(name, {});
  }
  builder.add_everything_named();
  builder.number_defaults();
  builder.compile_conditions();
  builder.sort();
  builder.mark_controllers();
}

ParameterGraph::State ParameterGraph::make_state() const {
  return {std::vector<std::uint32_t>(nodes_.size(), kAbsent),
          std::vector<std::uint32_t>(nodes_.size(), kAbsent)};
}

bool ParameterGraph::settle(std::size_t node, State& state) const {
  const Node& self = nodes_[node];
  state.row[node] = kAbsent;
  state.value[node] = kAbsent;
  for (std::uint32_t row = 0; row < self.rows.size(); ++row) {
    if (holds(self.rows[row].when, state)) {
      state.row[node] = row;
      state.value[node] = self.rows[row].standard;
      return holds(self.when, state);
    }
  }
  return false;
}

void ParameterGraph::prune(std::span<std::uint32_t> cells, State& state) const {
  for (const std::size_t node : order_) {
    const bool applies = settle(node, state);
    if (node >= columns_) {
      continue;
    }
    if (!applies) {
      cells[node] = kAbsent;
    } else if (cells[node] != kAbsent) {
      state.value[node] = cells[node];
    }
  }
}

std::size_t ParameterGraph::index_of(std::string_view name) const {
  const auto found = std::find_if(
      nodes_.begin(), nodes_.end(), [&](const Node& node) { return node.name == name; });
  if (found == nodes_.end()) {
    throw std::invalid_argument("nobody asked for a parameter \"" + std::string(name) + "\"");
  }
  return static_cast<std::size_t>(found - nodes_.begin());
}

const Value* ParameterGraph::value(std::size_t node, const State& state) const {
  const std::uint32_t number = state.value[node];
  return number == kAbsent ? nullptr : &nodes_[node].values[number];
}

bool ParameterGraph::is_default(std::size_t node, const State& state) const {
  const std::uint32_t row = state.row[node];
  return row != kAbsent && nodes_[node].rows[row].standard == state.value[node];
}

// A condition names few of many values, or many of few, so neither list is walked for each of the
// other.
std::vector<std::uint32_t> ParameterGraph::numbers_of(Node& node,
                                                      const std::vector<Value>& values) {
  const auto value_of = [&](std::uint32_t number) -> const Value& { return node.values[number]; };
  if (node.by_value.empty()) {
    node.by_value.resize(node.values.size());
    std::iota(node.by_value.begin(), node.by_value.end(), 0U);
    std::ranges::sort(node.by_value, {}, value_of);
  }
  std::vector<std::uint32_t> numbers;
  for (const Value& value : values) {
    const auto found = std::ranges::lower_bound(node.by_value, value, {}, value_of);
    if (found != node.by_value.end() && value_of(*found) == value) {
      numbers.push_back(*found);
    }
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

std::vector<ParameterGraph::Clause> ParameterGraph::compile(const Condition& condition) {
  std::vector<Clause> clauses;
  for (const auto& [name, values] : condition) {
    const std::size_t node = index_of(name);
    clauses.push_back({.node = node, .allowed = numbers_of(nodes_[node], values)});
  }
  return clauses;
}

bool ParameterGraph::holds(const std::vector<Clause>& clauses, const State& state) {
  return std::all_of(clauses.begin(), clauses.end(), [&](const Clause& clause) {
    const std::uint32_t value = state.value[clause.node];
    return value != kAbsent &&
           std::binary_search(clause.allowed.begin(), clause.allowed.end(), value);
  });
}

void ParameterGraph::enumerate_controllers(const Leaf& leaf) const {
  std::vector<std::uint32_t> cells(columns_, kAbsent);
  State state = make_state();
  descend(0, cells, state, leaf);
}

bool ParameterGraph::descend(std::size_t depth,
                             std::vector<std::uint32_t>& cells,
                             State& state,
                             const Leaf& leaf) const {
  if (depth == controllers_.size()) {
    return leaf(cells, state);
  }
  const std::size_t node = controllers_[depth];
  if (!settle(node, state) || node >= columns_) {
    return descend(depth + 1, cells, state, leaf);
  }
  for (std::uint32_t value = 0; value < column_sizes_[node]; ++value) {
    cells[node] = value;
    state.value[node] = value;
    if (!descend(depth + 1, cells, state, leaf)) {
      return false;
    }
  }
  cells[node] = kAbsent;
  return true;
}

std::vector<std::size_t> ParameterGraph::free_columns(State& state) const {
  std::vector<std::size_t> columns;
  for (std::size_t node = 0; node < columns_; ++node) {
    if (!nodes_[node].is_controller && settle(node, state)) {
      columns.push_back(node);
    }
  }
  return columns;
}

}  // namespace glimpse::experiments
