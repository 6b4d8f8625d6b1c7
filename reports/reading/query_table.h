#pragma once

// Rows of a results database as a table of cells.

#include <string_view>
#include <vector>

#include "reports/text_table.h"
#include "storage/sqlite/query.h"
#include "storage/sqlite/statement.h"

namespace glimpse::reports {

// Bytes become text in hexadecimal.
Cell to_cell(const storage::Cell& cell);

// All rows at once: for answers that are known to be small.
TextTable query_table(storage::Query& query,
                      std::string_view sql,
                      const std::vector<storage::QueryParameter>& parameters = {});

}  // namespace glimpse::reports
