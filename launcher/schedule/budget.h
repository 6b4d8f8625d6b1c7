#pragma once

// What a study may still spend: device seconds and wall time, with what is used and what is
// promised to the trials that were taken. Takes the time as an argument, so it is pure. Not
// thread-safe.

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>

#include "launcher/schedule/scheduler.h"

namespace glimpse::launcher {

// What something that is not taken yet has to fit into.
struct Room {
  double device_s = 0;
  double wall_s = 0;
};

class Budget {
 public:
  Budget(const StudyRules& rules, double now_s);

  [[nodiscard]] bool is_limited() const { return device_s_ || wall_time_s_; }
  // Now, with everything that was taken costing what is expected of it.
  [[nodiscard]] Room room(double now_s);
  // The most that could ever be left: as if what was taken ended at once.
  [[nodiscard]] Room best_room(double now_s);
  // Why nothing fits any more, as a clause for people.
  [[nodiscard]] std::string reason(double now_s);

  // What an unknown duration counts as: the mean of the trials that ended.
  [[nodiscard]] double mean_s() const;
  void note_duration(double seconds);

  // A trial that is taken waits with a promise, runs, and perhaps waits again.
  void promise(double device_s);
  void start(TrialNumber trial, int slots, double rest_s, double now_s);
  void end(TrialNumber trial, int slots);
  // By how many slots more or fewer are busy from now on.
  void change_busy_slots(int by, double now_s);

 private:
  // When it was expected to end, who, on how many slots.
  using Expected = std::tuple<double, TrialNumber, int>;
  void advance(double now_s);
  void forget(Expected expected);

  std::optional<double> device_s_;
  std::optional<double> wall_time_s_;
  double started_s_ = 0;
  double used_s_ = 0;
  double now_s_ = 0;
  int busy_slots_ = 0;
  double promised_s_ = 0;  // to trials that wait
  // Running trials that are not late. Two sums over them make the rest a matter of one product.
  std::set<Expected> expected_;
  std::map<TrialNumber, double> ends_;
  double sum_slot_ends_ = 0;
  double sum_slots_ = 0;
  double ended_s_ = 0;
  std::size_t ended_ = 0;
};

}  // namespace glimpse::launcher
