#include "experiments/plan/grid_size.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "experiments/dataset_table.h"
#include "experiments/model_table.h"
#include "experiments/parameter_graph.h"
#include "experiments/plan_limits.h"
#include "experiments/space.h"

namespace glimpse::experiments {
namespace {

// Looking at so much takes a second, and no study written by hand asks for it.
constexpr std::uint64_t kMuchWork = kMaxComparisons / 4;

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
  if (study.dataset && is_dataset_name(name)) {
    for (const ParameterRow& row : swept_dataset_rows(*study.dataset)) {
      collect(row.when);
    }
  }
  return values;
}

struct ReducedColumn {
  PlanColumn column;
  std::vector<std::uint64_t> weights;  // how many values each one stands for
};

// All that no condition mentions are one value.
ReducedColumn reduce_list(const std::vector<Value>& list, const std::set<Value>& mentioned) {
  ReducedColumn reduced;
  std::optional<Value> other;
  for (const Value& value : list) {
    if (mentioned.contains(value)) {
      reduced.column.values.push_back(value);
      reduced.weights.push_back(1);
    } else if (!other) {
      other = value;
    }
  }
  if (other) {
    const std::size_t told_apart = reduced.weights.size();
    reduced.column.values.push_back(std::move(*other));
    reduced.weights.push_back(list.size() - told_apart);
  }
  return reduced;
}

// A value of the range that no condition mentions, if it has one. Of n + 1 different candidates one
// is not among n values.
std::optional<Value> other_value(const Range& range, const std::set<Value>& mentioned) {
  const std::size_t steps = mentioned.size() + 1;
  const bool is_whole = range.distribution == Distribution::kIntUniform;
  const double step = is_whole ? 1 : (range.high - range.low) / static_cast<double>(steps);
  for (std::size_t i = 0; i < steps; ++i) {
    const Value value = range.low + static_cast<double>(i) * step;
    if (!mentioned.contains(value) && contains(range, value)) {
      return value;
    }
  }
  return std::nullopt;
}

ReducedColumn reduce_range(const Range& range, const std::set<Value>& mentioned) {
  ReducedColumn reduced;
  for (const Value& value : mentioned) {
    if (contains(range, value)) {
      reduced.column.values.push_back(value);
      reduced.weights.push_back(1);
    }
  }
  if (auto other = other_value(range, mentioned)) {
    const std::uint64_t size = is_discrete(range) ? space_size(range) : 0;
    reduced.column.values.push_back(std::move(*other));
    reduced.weights.push_back(size - std::min<std::uint64_t>(size, reduced.weights.size()));
  }
  return reduced;
}

ReducedColumn reduce(const Study& study, const Parameter& parameter) {
  const std::set<Value> mentioned = values_in_conditions(study, parameter.name);
  const auto* list = std::get_if<std::vector<Value>>(&parameter.space);
  ReducedColumn reduced = list != nullptr
                              ? reduce_list(*list, mentioned)
                              : reduce_range(std::get<Range>(parameter.space), mentioned);
  reduced.column.name = parameter.name;
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

GridCount count_grid(const Study& study, std::uint64_t enough) {
  const ReducedGrid grid = reduce(study);
  const ParameterGraph graph(study, grid.columns, {});
  GridCount count;
  std::uint64_t work = 0;
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
    count.configurations = plus(count.configurations, product);
    work += graph.cost();
    count.is_exact = work < kMuchWork || count.configurations < enough;
    return count.is_exact;
  });
  count.is_exact = count.is_exact && count.configurations < kCountLimit;
  return count;
}

std::set<std::string> applicable_names(const Study& study) {
  const ReducedGrid grid = reduce(study);
  const ParameterGraph graph(study, grid.columns, {});
  std::set<std::string> names;
  const auto add = [&](std::size_t column) { names.insert(grid.columns[column].name); };
  std::uint64_t work = 0;
  graph.enumerate_controllers([&](std::span<const std::uint32_t> cells, auto& state) {
    for (std::size_t column = 0; column < cells.size(); ++column) {
      if (cells[column] != kAbsent) {
        add(column);
      }
    }
    for (const std::size_t column : graph.free_columns(state)) {
      add(column);
    }
    work += graph.cost();
    return names.size() < grid.columns.size() && work < kMuchWork;
  });
  // What nobody has looked at may well apply.
  for (std::size_t column = 0; work >= kMuchWork && column < grid.columns.size(); ++column) {
    add(column);
  }
  return names;
}

}  // namespace glimpse::experiments
