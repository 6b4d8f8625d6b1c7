#pragma once

// Contrast as the Web Content Accessibility Guidelines define it, and colours out of style sheets.

#include <array>
#include <cmath>
#include <string>

namespace glimpse::reports {

inline constexpr std::array kLineColors = {
    "s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "q0", "q1", "q2", "q3", "q4", "base"};
inline constexpr std::array kTextColors = {"ink", "quiet"};

// Of "#rrggbb".
inline double luminance(const std::string& color) {
  constexpr std::array kWeights = {0.2126, 0.7152, 0.0722};
  double sum = 0;
  for (std::size_t i = 0; i < kWeights.size(); ++i) {
    const double part = std::stoi(color.substr(1 + 2 * i, 2), nullptr, 16) / 255.0;
    sum +=
        kWeights.at(i) * (part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4));
  }
  return sum;
}

inline double contrast(const std::string& a, const std::string& b) {
  const double first = luminance(a) + 0.05;
  const double second = luminance(b) + 0.05;
  return first > second ? first / second : second / first;
}

// "#rrggbb" of "--name: #rrggbb".
inline std::string variable(const std::string& style, const std::string& name) {
  const std::size_t at = style.find("--" + name + ": #");
  return at == std::string::npos ? "" : style.substr(at + name.size() + 4, 7);
}

}  // namespace glimpse::reports
