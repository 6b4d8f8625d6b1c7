#include "experiments/space.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace glimpse::experiments {
namespace {

constexpr double kLargestWhole = 0x1p53;  // beyond, doubles skip whole numbers
constexpr int kSignificantDigits = 9;

bool is_whole(double number) {
  return std::floor(number) == number && std::abs(number) <= kLargestWhole;
}

double rounded(double number) {
  std::array<char, 32> text{};
  char* const begin = text.data();
  char* const end =
      std::to_chars(
          begin, begin + text.size(), number, std::chars_format::scientific, kSignificantDigits - 1)
          .ptr;
  std::from_chars(begin, end, number);
  return number;
}

double draw_number(const Range& range, RandomStream& stream) {
  if (range.distribution == Distribution::kNormal) {
    return rounded(range.low + range.high * stream.normal());
  }
  const double u = stream.uniform53();
  double number = 0;
  if (range.distribution == Distribution::kIntUniform) {
    number = range.low + std::floor(u * (range.high - range.low + 1));
  } else if (range.distribution == Distribution::kLogUniform) {
    number = rounded(range.low * std::exp(u * std::log(range.high / range.low)));
  } else {
    number = rounded(range.low + u * (range.high - range.low));
  }
  return std::clamp(number, range.low, range.high);
}

}  // namespace

std::optional<std::string> range_problem(const Range& range) {
  if (!std::isfinite(range.low) || !std::isfinite(range.high)) {
    return "its ends must be finite numbers";
  }
  if (range.distribution == Distribution::kNormal) {
    return range.high > 0 ? std::nullopt : std::optional<std::string>("\"sigma\" must be above 0");
  }
  if (range.low >= range.high) {
    return "\"min\" must be below \"max\"";
  }
  if (range.distribution == Distribution::kLogUniform && range.low <= 0) {
    return "\"log_uniform\" needs a \"min\" above 0";
  }
  if (range.distribution == Distribution::kIntUniform &&
      !(is_whole(range.low) && is_whole(range.high))) {
    return "\"int_uniform\" needs whole numbers up to 2^53 for \"min\" and \"max\"";
  }
  if (!std::isfinite(range.high - range.low)) {
    return "min and max are too far apart";
  }
  return std::nullopt;
}

bool is_discrete(const Space& space) {
  const Range* range = std::get_if<Range>(&space);
  return range == nullptr || range->distribution == Distribution::kIntUniform;
}

std::uint64_t space_size(const Space& space) {
  if (const Range* range = std::get_if<Range>(&space)) {
    return static_cast<std::uint64_t>(range->high - range->low) + 1;
  }
  return std::get<std::vector<Value>>(space).size();
}

std::vector<Value> expand(const Space& space) {
  if (const auto* list = std::get_if<std::vector<Value>>(&space)) {
    return *list;
  }
  const Range& range = std::get<Range>(space);
  std::vector<Value> values;
  values.reserve(space_size(space));
  for (std::uint64_t i = 0; i < space_size(space); ++i) {
    values.emplace_back(range.low + static_cast<double>(i));
  }
  return values;
}

bool contains(const Space& space, const Value& value) {
  if (const auto* list = std::get_if<std::vector<Value>>(&space)) {
    return std::find(list->begin(), list->end(), value) != list->end();
  }
  const Range& range = std::get<Range>(space);
  const double* number = std::get_if<double>(&value);
  if (number == nullptr) {
    return false;
  }
  if (range.distribution == Distribution::kNormal) {
    return true;
  }
  return range.low <= *number && *number <= range.high &&
         (range.distribution != Distribution::kIntUniform || is_whole(*number));
}

Value draw(const Space& space, RandomStream& stream) {
  if (const auto* list = std::get_if<std::vector<Value>>(&space)) {
    return (*list)[stream.below(static_cast<std::uint32_t>(list->size()))];
  }
  return draw_number(std::get<Range>(space), stream);
}

}  // namespace glimpse::experiments
