#pragma once

// Rows of a query, one by one, and their cells as plain values. Texts come as valid UTF-8, whatever
// the database holds.

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/sqlite/query.h"
#include "storage/sqlite/statement.h"

namespace glimpse::reports {

using Cells = std::span<const storage::Cell>;

// Cells hold until `use` returns.
void for_each_row(storage::Query& results,
                  std::string_view sql,
                  const std::vector<storage::QueryParameter>& parameters,
                  const std::function<void(Cells)>& use);

// "" and 0 for what is no text and no number.
std::string text_of(const storage::Cell& cell);
std::int64_t integer_of(const storage::Cell& cell);
std::optional<std::int64_t> maybe_integer(const storage::Cell& cell);
std::optional<double> maybe_number(const storage::Cell& cell);

}  // namespace glimpse::reports
