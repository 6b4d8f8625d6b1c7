#pragma once

// The lists of a study's `table`: published figures and claims about cells.

#include <optional>

#include "experiments/json/json_document.h"
#include "experiments/json/object_reader.h"
#include "experiments/study.h"

namespace glimpse::experiments {

// A study without a table has neither.
void read_published(const ValueReader& reader, Study& study);
std::optional<JsonNode> write_published(const Study& study);

void read_claims(const ValueReader& reader, Study& study);
std::optional<JsonNode> write_claims(const Study& study);

}  // namespace glimpse::experiments
