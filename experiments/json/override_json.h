#pragma once

// Puts overrides of the command line into the tree of a study, as if they stood in its text: types
// and ranges are then checked by the same reader, and every value knows where it came from.

#include <span>

#include "experiments/json/issue_list.h"
#include "experiments/json/json_document.h"
#include "experiments/overrides.h"

namespace glimpse::experiments {

// `root` is an object. A key is one of a study's own ("resources.cores"), a parameter of the model
// or of the command, or a value of the dataset; of the last two a list of values becomes a sweep.
void apply_overrides(JsonNode& root, std::span<const Override> overrides, IssueList& issues);

}  // namespace glimpse::experiments
