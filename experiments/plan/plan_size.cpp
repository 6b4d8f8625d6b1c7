#include "experiments/plan/plan_size.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "experiments/plan/grid_size.h"
#include "experiments/plan_limits.h"
#include "experiments/space.h"
#include "experiments/study_error.h"

namespace glimpse::experiments {
namespace {

// What a study asks for, as far as it is told before anything is expanded.
struct Demand {
  std::uint64_t parameters = 0;
  std::uint64_t values = 0;
  std::uint64_t conditions = 0;  // of `when`
  std::uint64_t pairs = 0;       // of `exclude`
};

bool exceeds(std::uint64_t a, std::uint64_t b, std::uint64_t limit) {
  return b != 0 && a > limit / b;
}

[[noreturn]] void refuse(const Study& study, std::string pointer, std::string message) {
  throw StudyError(study.name, {{.pointer = std::move(pointer), .message = std::move(message)}});
}

std::uint64_t count_parameters(const Study& study) {
  std::set<std::string> names;
  for (const Parameter& parameter : study.parameters) {
    names.insert(parameter.name);
  }
  for (const Assignment& point : study.points) {
    for (const auto& [name, value] : point) {
      names.insert(name);
    }
  }
  return names.size();
}

// A draw gives one value, new or not, however many there are to draw from.
std::uint64_t count_values(const Study& study) {
  std::uint64_t values = 0;
  for (const Parameter& parameter : study.parameters) {
    std::uint64_t size = is_discrete(parameter.space) ? space_size(parameter.space) : UINT64_MAX;
    if (study.method == Method::kRandom && std::holds_alternative<Range>(parameter.space)) {
      size = std::min(size, static_cast<std::uint64_t>(study.run_cap.value_or(0)));
    }
    values += size;
  }
  return values;
}

Demand demand_of(const Study& study) {
  Demand demand{.parameters = count_parameters(study), .values = count_values(study)};
  for (const auto& [name, condition] : study.when) {
    demand.conditions += condition.size();
  }
  for (const Assignment& pairs : study.exclude) {
    demand.pairs += pairs.size();
  }
  return demand;
}

void check_values(const Study& study, const Demand& demand) {
  if (demand.values > kMaxValues) {
    refuse(study,
           "/parameters",
           "the parameters have " + std::to_string(demand.values) +
               " values in all, and a plan holds " + std::to_string(kMaxValues) +
               (study.method == Method::kRandom ? " (lower run_cap)" : " (give fewer)"));
  }
}

// Of a grid, counting ends where the study is refused anyway.
GridCount count_configurations(const Study& study, const Demand& demand) {
  switch (study.method) {
    case Method::kList:
      return {.configurations = study.points.size()};
    case Method::kRandom:
      return {.configurations = static_cast<std::uint64_t>(study.run_cap.value_or(0))};
    case Method::kGrid:
      break;
  }
  const std::uint64_t most =
      std::min({kMaxConfigurations,
                kMaxCells / std::max<std::uint64_t>(demand.parameters, 1),
                kMaxComparisons / std::max<std::uint64_t>(demand.conditions + demand.pairs, 1)});
  return count_grid(study, most + 1);
}

const char* pointer_to_search(const Study& study) {
  switch (study.method) {
    case Method::kList:
      return "/points";
    case Method::kRandom:
      return "/run_cap";
    case Method::kGrid:
      break;
  }
  return "/parameters";
}

}  // namespace

void check_plan_size(const Study& study) {
  const Demand demand = demand_of(study);
  check_values(study, demand);
  const auto [count, is_exact] = count_configurations(study, demand);
  const std::string number = (is_exact ? "" : "at least ") + std::to_string(count);
  const char* const pointer = pointer_to_search(study);
  if (count > kMaxConfigurations) {
    refuse(study,
           pointer,
           (study.method == Method::kGrid ? "the grid has " : "there are ") + number +
               " configurations, and a plan may have " + std::to_string(kMaxConfigurations) +
               " (give fewer values, or use method \"random\" with a run_cap)");
  }
  if (exceeds(count, demand.parameters, kMaxCells)) {
    refuse(study,
           pointer,
           number + " configurations of " + std::to_string(demand.parameters) +
               " parameters are more values than the " + std::to_string(kMaxCells) +
               " of a plan's table (give fewer of either)");
  }
  const std::uint64_t comparisons = demand.conditions + demand.pairs;
  if (exceeds(count, comparisons, kMaxComparisons)) {
    refuse(study,
           demand.conditions > demand.pairs ? "/when" : "/exclude",
           number + " configurations held against " + std::to_string(comparisons) +
               " conditions and excluded values are more than the " +
               std::to_string(kMaxComparisons) + " comparisons of a plan (give fewer of either)");
  }
}

}  // namespace glimpse::experiments
