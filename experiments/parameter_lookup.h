#pragma once

// Names and values of a study's parameters, wherever they are defined: the model table, the dataset
// table ("dataset.patches"), or the study itself, whose command may take what it likes.

#include <optional>
#include <string>
#include <string_view>

#include "experiments/study.h"
#include "experiments/study_error.h"

namespace glimpse::experiments {

// "/parameters/learning_rate"
std::string parameter_pointer(std::string_view name);

const Parameter* find_parameter(const Study& study, std::string_view name);

// A parameter that the study gives or that has a default.
bool is_known_name(const Study& study, const std::string& name);

// Says what is wrong with a name or a value; nothing if both fit.
std::optional<std::string> parameter_problem(const Study& study,
                                             std::string_view name,
                                             const Value& value);

}  // namespace glimpse::experiments
