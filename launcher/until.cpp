#include "launcher/until.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <ctime>
#include <string>

#include "experiments/units.h"

namespace glimpse::launcher {
namespace {

constexpr int kDaySeconds = 24 * 3600;
constexpr double kMostMarginSeconds = 60;
constexpr double kLeastMarginSeconds = 2;

// The local time that `format` reads from the whole text; what it does not name is that of `base`.
std::optional<std::int64_t> parse_time(const std::string& text, const char* format, std::tm base) {
  base.tm_sec = 0;
  base.tm_isdst = -1;
  const char* const end = strptime(text.c_str(), format, &base);
  if (end == nullptr || *end != '\0') {
    return std::nullopt;
  }
  return mktime(&base);
}

}  // namespace

std::optional<std::int64_t> parse_until(std::string_view text, std::int64_t now) {
  if (const auto duration = experiments::parse_duration(text)) {
    return now + static_cast<std::int64_t>(std::llround(*duration));
  }
  const std::time_t start = now;
  std::tm base{};
  localtime_r(&start, &base);
  const std::string given(text);
  if (const auto today = parse_time(given, "%H:%M", base)) {
    return *today > now ? *today : *today + kDaySeconds;
  }
  constexpr std::array kFormats = {
      "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"};
  for (const char* const format : kFormats) {
    if (const auto time = parse_time(given, format, base)) {
      return *time > now ? time : std::nullopt;
    }
  }
  return std::nullopt;
}

std::optional<std::int64_t> parse_job_end(std::string_view text) {
  std::int64_t seconds = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const bool is_number = end.ec == std::errc() && end.ptr == text.data() + text.size();
  return is_number && seconds > 0 ? std::optional(seconds) : std::nullopt;
}

double stop_margin_s(double left_s) {
  return std::clamp(left_s / 10, kLeastMarginSeconds, kMostMarginSeconds);
}

}  // namespace glimpse::launcher
