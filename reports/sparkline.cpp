#include "reports/sparkline.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace glimpse::reports {
namespace {

constexpr std::array<std::string_view, 8> kBlocks = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};

std::optional<double> mean_of(std::span<const std::optional<double>> values) {
  double mean = 0;
  double count = 0;
  for (const std::optional<double>& value : values) {
    if (value) {
      count += 1;
      mean += (*value - mean) / count;  // the sum of large values would overflow
    }
  }
  return count > 0 ? std::optional(mean) : std::nullopt;
}

std::vector<std::optional<double>> shorten(std::span<const std::optional<double>> values,
                                           std::size_t width) {
  const std::size_t columns = std::min(width, values.size());
  std::vector<std::optional<double>> means;
  for (std::size_t i = 0; i < columns; ++i) {
    const std::size_t begin = values.size() * i / columns;
    means.push_back(mean_of(values.subspan(begin, values.size() * (i + 1) / columns - begin)));
  }
  return means;
}

std::string_view block_of(double value, double low, double high) {
  // Halves, as the way from one value to another may be longer than a double can tell.
  const double range = high / 2 - low / 2;
  const double share = range > 0 ? (value / 2 - low / 2) / range : 0.5;
  const auto level = static_cast<std::size_t>(share * static_cast<double>(kBlocks.size()));
  return kBlocks.at(std::min(level, kBlocks.size() - 1));
}

}  // namespace

std::string render_sparkline(std::span<const std::optional<double>> values, std::size_t width) {
  const std::vector<std::optional<double>> heights = shorten(values, width);
  std::optional<double> low;
  std::optional<double> high;
  for (const std::optional<double>& height : heights) {
    if (height) {
      low = std::min(low.value_or(*height), *height);
      high = std::max(high.value_or(*height), *height);
    }
  }
  std::string line;
  for (const std::optional<double>& height : heights) {
    line += height ? block_of(*height, *low, *high) : " ";
  }
  return line;
}

}  // namespace glimpse::reports
