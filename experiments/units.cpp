#include "experiments/units.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <system_error>

namespace glimpse::experiments {
namespace {

struct DurationUnit {
  char letter;
  double seconds;
};
constexpr std::array<DurationUnit, 4> kDurationUnits{
    {{'d', 86400}, {'h', 3600}, {'m', 60}, {'s', 1}}};
constexpr double kLongest = 100 * 365.25 * 86400;

struct SizeUnit {
  std::string_view name;
  int shift;
};
constexpr std::array<SizeUnit, 5> kSizeUnits{
    {{"TiB", 40}, {"GiB", 30}, {"MiB", 20}, {"KiB", 10}, {"B", 0}}};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string fixed(double number) {
  // A double below 10^10 needs at most 10 + 1 + 340 characters without an exponent.
  std::array<char, 400> buffer{};
  char* const end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, std::chars_format::fixed)
          .ptr;
  return {buffer.data(), end};
}

}  // namespace

std::optional<double> parse_duration(std::string_view text) {
  if (text.size() < 2 || !is_digit(text.front())) {
    return std::nullopt;
  }
  const char* const unit_at = text.data() + text.size() - 1;
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), unit_at, number, std::chars_format::fixed);
  if (error != std::errc() || end != unit_at || !is_digit(*(end - 1))) {
    return std::nullopt;
  }
  for (const DurationUnit& unit : kDurationUnits) {
    if (unit.letter == *unit_at) {
      const double seconds = number * unit.seconds;
      return seconds <= kLongest ? std::optional(seconds) : std::nullopt;
    }
  }
  return std::nullopt;
}

std::string render_duration(double seconds) {
  for (const DurationUnit& unit : kDurationUnits) {
    // fmod is exact, and whole numbers below 2^53 divide and multiply exactly.
    if (seconds > 0 && std::fmod(seconds, unit.seconds) == 0) {
      return fixed(seconds / unit.seconds) + unit.letter;
    }
  }
  return fixed(seconds) + 's';
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) {
    return std::nullopt;
  }
  const std::string_view name = text.substr(static_cast<std::size_t>(end - text.data()));
  for (const SizeUnit& unit : kSizeUnits) {
    if (unit.name == name) {
      const bool fits = number <= (std::uint64_t{1} << (63 - unit.shift)) - 1;
      return fits ? std::optional(number << unit.shift) : std::nullopt;
    }
  }
  return std::nullopt;
}

std::string render_size(std::uint64_t bytes) {
  for (const SizeUnit& unit : kSizeUnits) {
    if (bytes > 0 && bytes % (std::uint64_t{1} << unit.shift) == 0) {
      return std::to_string(bytes >> unit.shift) + std::string(unit.name);
    }
  }
  return std::to_string(bytes) + "B";
}

}  // namespace glimpse::experiments
