#pragma once

// The one table of everything a built-in model can be told: names, types, ranges, defaults, and
// where a parameter applies. The study reader, `glimpse schema`, `glimpse models`, the plan and the
// worker read it; nothing else may hold a default.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "experiments/parameter_row.h"
#include "experiments/value.h"

namespace glimpse::experiments {

// Models by name, with the number that is raised by hand when a model's numerics or defaults
// change.
struct ModelRow {
  std::string name;
  int code = 1;
  std::string doc;
};

std::span<const ModelRow> model_rows();
const ModelRow* find_model(std::string_view name);

// In order of dependence: a row's condition names only parameters that come before it.
std::span<const ParameterRow> parameter_rows();
bool is_parameter(std::string_view name);

// The row of this name that applies where the given values hold; parameters the assignment does not
// name count with their defaults. Null: the parameter has no meaning there.
const ParameterRow* find_row(std::string_view name, const Assignment& assignment);

// Says what is wrong with a value for this name; nothing if it fits at least one of its rows.
std::optional<std::string> value_problem(std::string_view name, const Value& value);

// True where a run's numbers depend on how many epochs it may take: a longer run is then not the
// shorter one gone on.
bool depends_on_epochs(const Assignment& given);

// Every parameter that applies, with its given or default value; those that do not are dropped.
Assignment resolve(const Assignment& given);
// The opposite for keys: what applies and differs from its default.
Assignment without_defaults(const Assignment& given);

}  // namespace glimpse::experiments
