#include "reports/charts/color_ramp.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace glimpse::reports {
namespace {

using Color = std::array<double, 3>;

// Every ninth part of matplotlib's viridis, 0 to 255.
constexpr std::array<Color, 10> kViridis = {{{68, 1, 84},
                                             {72, 40, 120},
                                             {62, 73, 137},
                                             {49, 104, 142},
                                             {38, 130, 142},
                                             {31, 158, 137},
                                             {53, 183, 121},
                                             {110, 206, 88},
                                             {181, 222, 43},
                                             {253, 231, 37}}};

Color mix(double share) {
  const double place =
      std::clamp(std::isfinite(share) ? share : 0, 0.0, 1.0) * (kViridis.size() - 1);
  const auto below = std::min(static_cast<std::size_t>(place), kViridis.size() - 2);
  const double part = place - static_cast<double>(below);
  Color color{};
  for (std::size_t i = 0; i < color.size(); ++i) {
    color.at(i) =
        std::round(kViridis.at(below).at(i) * (1 - part) + kViridis.at(below + 1).at(i) * part);
  }
  return color;
}

// Relative luminance as the Web Content Accessibility Guidelines define it.
double luminance(const Color& color) {
  constexpr Color kWeights = {0.2126, 0.7152, 0.0722};
  double sum = 0;
  for (std::size_t i = 0; i < color.size(); ++i) {
    const double part = color.at(i) / 255;
    sum +=
        kWeights.at(i) * (part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4));
  }
  return sum;
}

}  // namespace

std::string ramp_color(double share) {
  std::string text = "#";
  for (const double part : mix(share)) {
    const auto value = static_cast<unsigned>(part);
    text += "0123456789abcdef"[value >> 4U];
    text += "0123456789abcdef"[value & 15U];
  }
  return text;
}

bool is_dark(double share) {
  // Both contrasts are equal at this luminance: (1.05 / x = x / 0.05) - 0.05.
  constexpr double kEven = 0.1791;
  return luminance(mix(share)) < kEven;
}

}  // namespace glimpse::reports
