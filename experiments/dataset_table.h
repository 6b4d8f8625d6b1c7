#pragma once

// The one table of a dataset's values: names, types, ranges and defaults. The study reader, the
// schema, overrides and swept `dataset.*` parameters all go through it, so that a value means the
// same wherever it is given.

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "experiments/dataset_spec.h"
#include "experiments/parameter_row.h"
#include "experiments/study_error.h"
#include "experiments/value.h"

namespace glimpse::experiments {

// What a swept dataset value's name begins with: "dataset.patches".
inline constexpr std::string_view kDatasetPrefix = "dataset.";
inline bool is_dataset_name(std::string_view name) {
  return name.starts_with(kDatasetPrefix);
}

// In the order in which they are printed.
std::span<const ParameterRow> dataset_rows();
// The row of a name without the prefix; null if there is none.
const ParameterRow* find_dataset_row(std::string_view name);

// Says what is wrong with one value by itself; nothing if it fits.
std::optional<std::string> dataset_value_problem(std::string_view name, const Value& value);

Value dataset_value(const DatasetSpec& spec, std::string_view name);
// Throws std::invalid_argument where dataset_value_problem finds one. Patches that had their
// default side keep having it when the digits' side changes.
void set_dataset_value(DatasetSpec& spec, std::string_view name, const Value& value);
// The defaults with these values put in; does not depend on their order.
DatasetSpec make_dataset_spec(const Assignment& values);
// The values that have a meaning and differ from their defaults.
Assignment given_dataset_values(const DatasetSpec& spec);

// What a configuration may say of this dataset, as rows that a model table could have: names with
// the prefix, and as default what holds where it says nothing. The side of patches that follow the
// digits has several.
std::vector<ParameterRow> swept_dataset_rows(const DatasetSpec& spec);

// Everything that cannot be: values out of range, digits that do not fit the canvas, values that
// have no meaning beside an imported file. Pointers begin with "/dataset/".
std::vector<Issue> dataset_issues(const DatasetSpec& spec);

}  // namespace glimpse::experiments
