#include "reports/charts/number_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <string_view>
#include <vector>

namespace glimpse::reports {
namespace {

constexpr std::string_view kMinus = "\xe2\x88\x92";
constexpr std::string_view kNoNumber = "\xe2\x80\x93";
constexpr int kMostDecimals = 6;

// The longest double has 309 digits before the point.
std::string fixed_text(double value, int decimals) {
  std::array<char, 384> buffer{};
  const auto end = std::to_chars(
      buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, decimals);
  std::string text(buffer.data(), end.ptr);
  const bool is_zero = text.find_first_not_of("-0.") == std::string::npos;
  if (is_zero && text.front() == '-') {
    text.erase(0, 1);
  }
  return text;
}

// Of a number that is finite.
int magnitude(double value) {
  return value == 0 ? 0 : static_cast<int>(std::floor(std::log10(std::abs(value))));
}

}  // namespace

std::string render_fixed(double value, int decimals) {
  if (!std::isfinite(value)) {
    return std::string(kNoNumber);
  }
  std::string text = fixed_text(value, decimals);
  if (text.front() == '-') {
    text.replace(0, 1, kMinus);
  }
  return text;
}

std::string render_significant(double value, int digits) {
  if (!std::isfinite(value)) {
    return std::string(kNoNumber);
  }
  return render_fixed(value, std::clamp(digits - 1 - magnitude(value), 0, 12));
}

int decimals_for_spreads(std::span<const double> spreads, int fallback) {
  std::vector<double> sorted;
  std::copy_if(spreads.begin(), spreads.end(), std::back_inserter(sorted), [](double spread) {
    return std::isfinite(spread) && spread > 0;
  });
  if (sorted.empty()) {
    return fallback;
  }
  std::sort(sorted.begin(), sorted.end());
  return std::clamp(1 - magnitude(sorted[sorted.size() / 2]), 0, kMostDecimals);
}

std::string render_coordinate(double value) {
  std::string text = fixed_text(std::isfinite(value) ? value : 0, 1);
  if (text.ends_with(".0")) {
    text.resize(text.size() - 2);
  }
  return text;
}

std::string render_bytes(double bytes) {
  constexpr std::array<std::string_view, 5> kUnits = {" B", " KiB", " MiB", " GiB", " TiB"};
  std::size_t unit = 0;
  for (; bytes >= 1024 && unit + 1 < kUnits.size(); ++unit) {
    bytes /= 1024;
  }
  return (unit == 0 ? render_fixed(bytes, 0) : render_significant(bytes, 3)) +
         std::string(kUnits.at(unit));
}

}  // namespace glimpse::reports
