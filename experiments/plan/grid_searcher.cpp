#include "experiments/plan/grid_searcher.h"

#include <algorithm>
#include <numeric>
#include <span>

#include "experiments/parameter_graph.h"
#include "experiments/space.h"

namespace glimpse::experiments {
namespace {

std::vector<PlanColumn> expand_columns(const Study& study) {
  std::vector<PlanColumn> columns;
  columns.reserve(study.parameters.size());
  for (const Parameter& parameter : study.parameters) {
    columns.push_back({parameter.name, expand(parameter.space)});
  }
  std::sort(columns.begin(), columns.end(), [](const PlanColumn& a, const PlanColumn& b) {
    return a.name < b.name;
  });
  return columns;
}

// Appends every combination of the free columns' values; the last one varies fastest.
void append_product(Proposals& proposals,
                    std::vector<std::uint32_t> cells,
                    const std::vector<std::size_t>& free) {
  for (const std::size_t column : free) {
    cells[column] = 0;
  }
  bool is_done = false;
  while (!is_done) {
    proposals.cells.insert(proposals.cells.end(), cells.begin(), cells.end());
    ++proposals.configurations;
    is_done = true;
    for (auto column = free.rbegin(); column != free.rend() && is_done; ++column) {
      is_done = ++cells[*column] == proposals.columns[*column].values.size();
      cells[*column] = is_done ? 0 : cells[*column];
    }
  }
}

void sort_rows(Proposals& proposals) {
  const std::size_t width = proposals.columns.size();
  const auto row = [&](std::uint32_t number) {
    return std::span(proposals.cells).subspan(number * width, width);
  };
  std::vector<std::uint32_t> order(proposals.configurations);
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    const auto left = row(a);
    const auto right = row(b);
    return std::lexicographical_compare(left.begin(), left.end(), right.begin(), right.end());
  });
  std::vector<std::uint32_t> sorted;
  sorted.reserve(proposals.cells.size());
  for (const std::uint32_t number : order) {
    const auto cells = row(number);
    sorted.insert(sorted.end(), cells.begin(), cells.end());
  }
  proposals.cells = std::move(sorted);
}

}  // namespace

Proposals propose_grid(const Study& study) {
  Proposals proposals;
  proposals.columns = expand_columns(study);
  const ParameterGraph graph(study, proposals.columns, {});
  std::size_t combinations = 0;
  graph.enumerate_controllers([&](std::span<const std::uint32_t> cells, auto& state) {
    append_product(proposals, {cells.begin(), cells.end()}, graph.free_columns(state));
    ++combinations;
    return true;
  });
  if (combinations > 1) {
    sort_rows(proposals);
  }
  return proposals;
}

}  // namespace glimpse::experiments
