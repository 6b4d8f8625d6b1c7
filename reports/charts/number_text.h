#pragma once

// Numbers as pages and charts print them: by rules that know no locale, so that equal numbers are
// equal text on every machine. A minus is U+2212, as wide as a plus. Pure.

#include <span>
#include <string>

namespace glimpse::reports {

// Never "-0.0". A number that is not finite is a dash.
std::string render_fixed(double value, int decimals);

// To so many significant digits, zeros at the end kept: 0.0500, 1.52, 123.
std::string render_significant(double value, int digits);

// So many that the typical one of these spreads shows two significant digits; 0 to 6. Where there
// is no spread, `fallback`.
int decimals_for_spreads(std::span<const double> spreads, int fallback);

// Within a drawing: a tenth is less than one sees. What is not finite lies at 0, since a drawing
// has no word for it.
std::string render_coordinate(double value);

// In units that keep it short: "12.3 MiB".
std::string render_bytes(double bytes);

}  // namespace glimpse::reports
