#pragma once

// The parts of a study that name configurations: `points`, `exclude`, `when`, and cells of a table.

#include <optional>
#include <vector>

#include "experiments/json/json_document.h"
#include "experiments/json/object_reader.h"
#include "experiments/json/vocabulary.h"
#include "experiments/study.h"

namespace glimpse::experiments {

std::optional<Assignment> read_assignment(const ValueReader& reader, const Vocabulary& vocabulary);
JsonNode make_node(const Assignment& assignment);

// A list of objects.
std::vector<Assignment> read_assignments(const ValueReader& reader, const Vocabulary& vocabulary);
std::optional<JsonNode> write_assignments(const std::vector<Assignment>& assignments);

void read_when(const ValueReader& reader, Study& study);
std::optional<JsonNode> write_when(const Study& study);

}  // namespace glimpse::experiments
