#pragma once

// How the cells of a table are written: decimals, marks and words that its sections share.

#include <optional>
#include <string>
#include <string_view>

#include "reports/html/page_content.h"
#include "reports/markup/element.h"

namespace glimpse::reports {

// "1.52"; nothing where the cell has no mean.
std::optional<std::string> mean_text(const ResultCell& cell, int decimals);
// Half of the interval's width.
std::optional<double> half_width(const ResultCell& cell);
// Our mean minus the published figure.
std::optional<double> difference(const ResultCell& cell);

// "reproduced" with the mark that goes with it, coloured by what it means.
Element verdict_mark(Verdict verdict);
Element answer_mark(ClaimAnswer answer);

// Where a cell of the table is told in full.
Id cell_id(std::size_t cell);

}  // namespace glimpse::reports
