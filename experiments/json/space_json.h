#pragma once

// The key `parameters` of a study: the values of every parameter, or the range to draw them from.

#include <optional>
#include <string>
#include <vector>

#include "experiments/json/json_document.h"
#include "experiments/json/object_reader.h"
#include "experiments/study.h"

namespace glimpse::experiments {

// In the order of the enumeration.
const std::vector<std::string>& distribution_names();

void read_parameters(const ValueReader& reader, Study& study);
std::optional<JsonNode> write_parameters(const Study& study);

}  // namespace glimpse::experiments
