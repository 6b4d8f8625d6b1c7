#include "experiments/plan/grid_size.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "experiments/dataset_table.h"
#include "experiments/model_table.h"
#include "experiments/parameter_graph.h"
#include "experiments/space.h"

namespace glimpse::experiments {
namespace {

// More combinations than any study written by hand tells apart.
constexpr std::uint64_t kManyLeaves = 1'000'000;

std::uint64_t times(std::uint64_t a, std::uint64_t b) {
  std::uint64_t product = 0;
  const bool overflows = __builtin_mul_overflow(a, b, &product);
  return overflows ? kCountLimit : std::min(product, kCountLimit);
}

std::uint64_t plus(std::uint64_t a, std::uint64_t b) {
  return a > kCountLimit - std::min(b, kCountLimit) ? kCountLimit : a + b;
}

// Every value that some condition on this name mentions.
std::set<Value> values_in_conditions(const Study& study, const std::string& name) {
  std::set<Value> values;
  const auto collect = [&](const Condition& condition) {
    const auto found = condition.find(name);
    if (found != condition.end()) {
      values.insert(found->second.begin(), found->second.end());
    }
  };
  for (const auto& [parameter, condition] : study.when) {
    collect(condition);
  }
  if (study.kind == StudyKind::kTrain) {
    for (const ParameterRow& row : parameter_rows()) {
      collect(row.when);
    }
  }
  if (study.dataset && name.starts_with(kDatasetPrefix)) {
    for (const ParameterRow& row : swept_dataset_rows(*study.dataset)) {
      collect(row.when);
    }
  }
  return values;
}

// A value of the space that no condition mentions, if it has one. Of n + 1 different candidates one
// is not among n values.
std::optional<Value> other_value(const Space& space, const std::set<Value>& mentioned) {
  if (const auto* list = std::get_if<std::vector<Value>>(&space)) {
    const auto found = std::find_if(
        list->begin(), list->end(), [&](const Value& value) { return !mentioned.contains(value); });
    return found == list->end() ? std::nullopt : std::optional(*found);
  }
  const Range& range = std::get<Range>(space);
  const std::size_t steps = mentioned.size() + 1;
  const bool is_whole = range.distribution == Distribution::kIntUniform;
  const double step = is_whole ? 1 : (range.high - range.low) / static_cast<double>(steps);
  for (std::size_t i = 0; i < steps; ++i) {
    const Value value = range.low + static_cast<double>(i) * step;
    if (!mentioned.contains(value) && contains(space, value)) {
      return value;
    }
  }
  return std::nullopt;
}

struct ReducedColumn {
  PlanColumn column;
  std::vector<std::uint64_t> weights;  // how many values each one stands for
};

ReducedColumn reduce(const Study& study, const Parameter& parameter) {
  const std::set<Value> mentioned = values_in_conditions(study, parameter.name);
  ReducedColumn reduced{{parameter.name, {}}, {}};
  for (const Value& value : mentioned) {
    if (contains(parameter.space, value)) {
      reduced.column.values.push_back(value);
      reduced.weights.push_back(1);
    }
  }
  if (auto other = other_value(parameter.space, mentioned)) {
    const std::uint64_t size = is_discrete(parameter.space) ? space_size(parameter.space) : 0;
    reduced.column.values.push_back(std::move(*other));
    reduced.weights.push_back(size - std::min<std::uint64_t>(size, reduced.weights.size()));
  }
  return reduced;
}

struct ReducedGrid {
  std::vector<PlanColumn> columns;
  std::vector<std::vector<std::uint64_t>> weights;
  std::vector<std::uint64_t> sizes;
};

ReducedGrid reduce(const Study& study) {
  ReducedGrid grid;
  for (const Parameter& parameter : study.parameters) {
    ReducedColumn reduced = reduce(study, parameter);
    grid.columns.push_back(std::move(reduced.column));
    grid.weights.push_back(std::move(reduced.weights));
    grid.sizes.push_back(is_discrete(parameter.space) ? space_size(parameter.space) : 1);
  }
  return grid;
}

}  // namespace

std::uint64_t count_grid(const Study& study, std::uint64_t enough) {
  const ReducedGrid grid = reduce(study);
  const ParameterGraph graph(study, grid.columns, {});
  std::uint64_t total = 0;
  std::uint64_t leaves = 0;
  graph.enumerate_controllers([&](std::span<const std::uint32_t> cells, auto& state) {
    std::uint64_t product = 1;
    for (std::size_t column = 0; column < cells.size(); ++column) {
      if (cells[column] != kAbsent) {
        product = times(product, grid.weights[column][cells[column]]);
      }
    }
    for (const std::size_t column : graph.free_columns(state)) {
      product = times(product, grid.sizes[column]);
    }
    total = plus(total, product);
    return ++leaves < kManyLeaves || total < enough;
  });
  return total;
}

std::set<std::string> applicable_names(const Study& study) {
  const ReducedGrid grid = reduce(study);
  const ParameterGraph graph(study, grid.columns, {});
  std::set<std::string> names;
  std::uint64_t leaves = 0;
  graph.enumerate_controllers([&](std::span<const std::uint32_t> cells, auto& state) {
    for (std::size_t column = 0; column < cells.size(); ++column) {
      if (cells[column] != kAbsent) {
        names.insert(grid.columns[column].name);
      }
    }
    for (const std::size_t column : graph.free_columns(state)) {
      names.insert(grid.columns[column].name);
    }
    return names.size() < grid.columns.size() && ++leaves < kManyLeaves;
  });
  return names;
}

}  // namespace glimpse::experiments
