#pragma once

// When an attempt must be ended from outside, and why. Pure: times are seconds of one clock that
// the caller reads, and a clock that never goes back.

#include <cstdint>
#include <optional>
#include <string>

#include "experiments/record.h"

namespace glimpse::launcher {

struct WatchLimits {
  double silence_s = 0;     // without a sign of life; 0: for ever
  double trial_time_s = 0;  // in all; 0: for ever
  double grace_s = 30;      // from a request to stop
};

enum class WatchEnd { kHung, kTimedOut, kGraceOver };

class AttemptWatch {
 public:
  AttemptWatch(const WatchLimits& limits, double now_s)
      : limits_(limits), started_s_(now_s), alive_s_(now_s) {}

  void saw_life(double now_s) { alive_s_ = now_s; }
  // Also tells how long a batch takes: silence is judged by the slowest one, since a step on a slow
  // machine is no hang.
  void saw_progress(const experiments::ProgressRecord& progress, double now_s);
  void stop_asked(double now_s);

  [[nodiscard]] std::optional<WatchEnd> check(double now_s) const;
  // Of the limit that check() spoke of.
  [[nodiscard]] std::string describe(WatchEnd end) const;

 private:
  [[nodiscard]] double silence_limit_s() const;

  WatchLimits limits_;
  double started_s_;
  double alive_s_;
  std::optional<double> stop_asked_s_;
  std::optional<experiments::ProgressRecord> progress_;
  double progress_s_ = 0;
  double slowest_batch_s_ = 0;
};

}  // namespace glimpse::launcher
