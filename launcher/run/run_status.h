#pragma once

// What a run is doing at one moment, for a screen, and how it is shown. Pure.

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace glimpse::launcher {

struct RunningTrial {
  std::string label;
  std::string place;  // "node1:3"
  double elapsed_s = 0;
  std::int64_t epoch = 0;
  std::int64_t epochs = 0;  // 0: nobody knows
  std::optional<double> best;
};

struct RunStatus {
  std::size_t done = 0;
  std::size_t failed = 0;
  std::size_t pending = 0;
  std::size_t planned = 0;  // what was left to do at the start, and came since
  double elapsed_s = 0;
  std::optional<double> left_s;               // nothing: too early to tell
  std::string metric;                         // of RunningTrial::best
  std::map<std::string, std::size_t> faults;  // failed attempts by class
  std::vector<RunningTrial> running;
};

// How much longer it takes if it goes on as it went: `done` and `left` are shares of the work.
std::optional<double> expected_rest_s(double elapsed_s, double done, double left);

// "12 of 63 done, 1 failed (oom 1), 4 running, 46 waiting, 3.2 min, about 14 min left"
std::string render_summary(const RunStatus& status);

// The summary and a line for each running trial, none wider than `width` columns; at most `height`
// lines in all.
std::vector<std::string> render_screen(const RunStatus& status,
                                       std::size_t width,
                                       std::size_t height);

}  // namespace glimpse::launcher
