#pragma once

// Runs as links: from a picture or a failure to the run's cell of the table, and back.

#include <string_view>

#include "reports/html/sections.h"

namespace glimpse::reports {

// The run's first digits, as a link where the table has it.
Element make_run(std::string_view run_id, const RunLinks& links);

// The first picture of a cell.
Id pictures_id(std::size_t cell);

}  // namespace glimpse::reports
