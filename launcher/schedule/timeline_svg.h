#pragma once

// Who ran where and when, as a picture: a row per slot, a bar per attempt, time to the right. Pure.

#include <cstddef>
#include <string>
#include <vector>

namespace glimpse::launcher {

struct TimelineBar {
  std::size_t row = 0;
  double start_s = 0;
  double end_s = 0;
  std::size_t kind = 0;  // place in Timeline::kinds; bars of one kind have one colour
  bool is_failed = false;
  std::string label = {};
};

struct Timeline {
  std::string title;
  std::vector<std::string> rows;   // from top to bottom
  std::vector<std::string> kinds;  // the first ones are named below the picture
  std::vector<TimelineBar> bars;
};

// Rows get thinner as there are more of them, and lose their names when those would touch.
std::string render_timeline_svg(const Timeline& timeline);

}  // namespace glimpse::launcher
