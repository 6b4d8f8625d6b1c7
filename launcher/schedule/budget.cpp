#include "launcher/schedule/budget.h"

#include <algorithm>
#include <limits>
#include <sstream>

namespace glimpse::launcher {
namespace {

constexpr double kNoLimit = std::numeric_limits<double>::infinity();

std::string in_hours(double seconds) {
  std::ostringstream text;
  text.precision(3);
  text << seconds / 3600 << " h";
  return text.str();
}

}  // namespace

Budget::Budget(const StudyRules& rules, double now_s)
    : device_s_(rules.device_s),
      wall_time_s_(rules.wall_time_s),
      started_s_(now_s),
      used_s_(rules.device_s_used),
      now_s_(now_s) {}

// Trials that are late have no rest any more: what they take goes to what is used.
void Budget::advance(double now_s) {
  used_s_ += busy_slots_ * (now_s - now_s_);
  now_s_ = now_s;
  while (!expected_.empty() && std::get<0>(*expected_.begin()) <= now_s) {
    forget(*expected_.begin());
  }
}

void Budget::forget(Expected expected) {
  const auto& [end_s, trial, slots] = expected;
  sum_slot_ends_ -= end_s * slots;
  sum_slots_ -= slots;
  ends_.erase(trial);
  expected_.erase(expected);
  if (expected_.empty()) {
    sum_slot_ends_ = 0;  // rounding errors do not outlive a quiet moment
  }
}

Room Budget::best_room(double now_s) {
  advance(now_s);
  return {.device_s = device_s_ ? *device_s_ - used_s_ : kNoLimit,
          .wall_s = wall_time_s_ ? started_s_ + *wall_time_s_ - now_s : kNoLimit};
}

Room Budget::room(double now_s) {
  Room room = best_room(now_s);
  room.device_s -= promised_s_ + sum_slot_ends_ - sum_slots_ * now_s;
  return room;
}

std::string Budget::reason(double now_s) {
  const Room best = best_room(now_s);
  if (device_s_ && (!wall_time_s_ || best.device_s <= best.wall_s)) {
    return "no trial that is left fits into limits.device_hours: " + in_hours(used_s_) + " of " +
           in_hours(*device_s_) + " are used";
  }
  return "no trial that is left is expected to end within limits.wall_time: " +
         in_hours(now_s - started_s_) + " of " + in_hours(wall_time_s_.value_or(0)) + " are over";
}

double Budget::mean_s() const {
  return ended_ == 0 ? 0 : ended_s_ / static_cast<double>(ended_);
}

void Budget::note_duration(double seconds) {
  ended_s_ += seconds;
  ++ended_;
}

void Budget::promise(double device_s) {
  if (is_limited()) {
    promised_s_ += device_s;
  }
}

void Budget::start(TrialNumber trial, int slots, double rest_s, double now_s) {
  if (!is_limited()) {
    return;
  }
  promise(-rest_s * slots);
  if (rest_s > 0) {
    expected_.emplace(now_s + rest_s, trial, slots);
    ends_.emplace(trial, now_s + rest_s);
    sum_slot_ends_ += (now_s + rest_s) * slots;
    sum_slots_ += slots;
  }
}

void Budget::end(TrialNumber trial, int slots) {
  const auto found = ends_.find(trial);
  if (found != ends_.end()) {
    forget({found->second, trial, slots});
  }
}

void Budget::change_busy_slots(int by, double now_s) {
  advance(now_s);
  busy_slots_ += by;
}

}  // namespace glimpse::launcher
