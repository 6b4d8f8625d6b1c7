#pragma once

// Which parameters apply to a configuration: the conditions of the model table and of a study's
// `when`, compiled to small numbers, because a plan asks a million times. Built for one set of
// columns; const members may be called from any thread, each with a State of its own.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/columns.h"
#include "experiments/study.h"

namespace glimpse::experiments {

class ParameterGraph {
 public:
  // Nodes are the columns, in their order, and behind them every other parameter that a condition
  // names or a caller asks for (`also`); those hold their defaults. Throws std::invalid_argument
  // where conditions depend on each other in a circle.
  ParameterGraph(const Study& study,
                 const std::vector<PlanColumn>& columns,
                 const std::vector<std::string>& also);

  // What one configuration comes to: per node the value that holds (given, or the default) and the
  // row of the model table it falls under; kAbsent where there is none.
  struct State {
    std::vector<std::uint32_t> value;
    std::vector<std::uint32_t> row;
  };
  struct Clause {
    std::size_t node = 0;
    std::vector<std::uint32_t> allowed;  // value numbers, sorted
  };

  [[nodiscard]] State make_state() const;
  // Sets cells whose parameter does not apply to kAbsent, and says what holds.
  void prune(std::span<std::uint32_t> cells, State& state) const;

  // Throws std::invalid_argument for a name that is no node.
  [[nodiscard]] std::size_t index_of(std::string_view name) const;
  // Null where the parameter does not apply.
  [[nodiscard]] const Value* value(std::size_t node, const State& state) const;
  [[nodiscard]] bool is_default(std::size_t node, const State& state) const;

  // The names must be nodes. Not to be called from several threads.
  [[nodiscard]] std::vector<Clause> compile(const Condition& condition);
  [[nodiscard]] static bool holds(const std::vector<Clause>& clauses, const State& state);

  // Calls `leaf` for every combination of the columns that conditions depend on; the other columns'
  // cells are kAbsent. Stops when `leaf` returns false.
  using Leaf = std::function<bool(std::span<const std::uint32_t> cells, State& state)>;
  void enumerate_controllers(const Leaf& leaf) const;
  // The columns that apply there and that no condition depends on.
  [[nodiscard]] std::vector<std::size_t> free_columns(State& state) const;
  // What looking at one combination takes: nodes, and the clauses of their conditions.
  [[nodiscard]] std::size_t cost() const { return cost_; }

 private:
  struct Row {
    std::vector<Clause> when;
    std::uint32_t standard = kAbsent;  // the default's value number
  };
  struct Node {
    std::string name;
    std::vector<Value> values;  // the column's, then defaults
    // Their numbers in the order of the values, made when a condition first names the node.
    std::vector<std::uint32_t> by_value = {};
    std::vector<Row> rows;
    std::vector<Clause> when;  // the study's
    bool is_controller = false;
  };
  struct Builder;

  // Finds the row that applies and takes its default; false where a given value has no meaning.
  bool settle(std::size_t node, State& state) const;
  std::vector<std::uint32_t> numbers_of(Node& node, const std::vector<Value>& values);
  bool descend(std::size_t depth,
               std::vector<std::uint32_t>& cells,
               State& state,
               const Leaf& leaf) const;

  std::vector<Node> nodes_;
  std::size_t columns_ = 0;
  std::size_t cost_ = 0;
  std::vector<std::size_t> column_sizes_;
  std::vector<std::size_t> order_;        // every node behind those its conditions name
  std::vector<std::size_t> controllers_;  // of these, the ones that conditions name
};

}  // namespace glimpse::experiments
