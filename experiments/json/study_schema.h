#pragma once

// A JSON Schema (draft 2020-12) of studies for editors and other programs, made of the tables that
// the reader uses. It knows types, names and ranges; what only the whole study can tell (a table's
// row that is no parameter, say) the reader alone finds.

#include <string>

namespace glimpse::experiments {

std::string render_schema();

}  // namespace glimpse::experiments
