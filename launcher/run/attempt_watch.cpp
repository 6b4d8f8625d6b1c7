#include "launcher/run/attempt_watch.h"

#include <algorithm>
#include <cmath>

#include "experiments/units.h"

namespace glimpse::launcher {
namespace {

constexpr double kSlowestBatches = 20;

}  // namespace

void AttemptWatch::saw_progress(const experiments::ProgressRecord& progress, double now_s) {
  if (progress_ && progress_->phase == progress.phase && progress.step > progress_->step) {
    const auto batches = static_cast<double>(progress.step - progress_->step);
    slowest_batch_s_ = std::max(slowest_batch_s_, (now_s - progress_s_) / batches);
  }
  progress_ = progress;
  progress_s_ = now_s;
  saw_life(now_s);
}

void AttemptWatch::stop_asked(double now_s) {
  if (!stop_asked_s_) {
    stop_asked_s_ = now_s;
  }
}

double AttemptWatch::silence_limit_s() const {
  return std::max(limits_.silence_s, kSlowestBatches * slowest_batch_s_);
}

std::optional<WatchEnd> AttemptWatch::check(double now_s) const {
  if (stop_asked_s_ && now_s - *stop_asked_s_ > limits_.grace_s) {
    return WatchEnd::kGraceOver;
  }
  if (limits_.trial_time_s > 0 && now_s - started_s_ > limits_.trial_time_s) {
    return WatchEnd::kTimedOut;
  }
  if (limits_.silence_s > 0 && now_s - alive_s_ > silence_limit_s()) {
    return WatchEnd::kHung;
  }
  return std::nullopt;
}

std::string AttemptWatch::describe(WatchEnd end) const {
  switch (end) {
    case WatchEnd::kHung:
      return "gave no sign of life for " +
             experiments::render_duration(std::ceil(silence_limit_s()));
    case WatchEnd::kTimedOut:
      return "ran for longer than limits.trial_time (" +
             experiments::render_duration(limits_.trial_time_s) + ")";
    case WatchEnd::kGraceOver:
      break;
  }
  return "did not end within " + experiments::render_duration(limits_.grace_s) +
         " of being asked to";
}

}  // namespace glimpse::launcher
