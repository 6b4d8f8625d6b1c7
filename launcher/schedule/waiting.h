#pragma once

// The trials that wait, in the order in which they start. Trials that ask for the same thing wait
// in one queue, so one that cannot be placed speaks for all behind it. Not thread-safe.

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "launcher/schedule/budget.h"
#include "launcher/schedule/scheduler.h"

namespace glimpse::launcher {

using GroupNumber = std::uint32_t;

// Never tried before tried; longest first; then as they came, where trials of a group stand with
// its first one.
struct WaitOrder {
  bool was_tried = false;
  double expected_s = 0;
  TrialNumber anchor = 0;
  TrialNumber trial = 0;

  bool operator==(const WaitOrder&) const = default;
  bool operator<(const WaitOrder& other) const;
};

struct QueueKey {
  StudyNumber study = 0;
  int slots = 1;
  std::uint64_t memory_bytes = 0;
  bool shares_slot = true;  // false: it ran out of memory with others beside it

  // NOLINTNEXTLINE(readability-implicit-bool-conversion): the compiler's own way to compare bools
  auto operator<=>(const QueueKey&) const = default;
};

// Trials that a budget takes or leaves as one: a configuration's stage, or a single trial.
struct Group {
  StudyNumber study = 0;
  TrialNumber anchor = 0;  // its first trial
  bool is_taken = false;
  bool is_late = false;                   // it stands in late_groups
  std::vector<TrialNumber> members = {};  // while it is not taken
  WaitOrder first = {};                   // of the members
  double known_s = 0;                     // device seconds of those with a known duration
  int unknown_slots = 0;                  // of the others
  double longest_s = 0;

  void add(const WaitOrder& order, int slots);
  // Leaves it without members.
  void clear();
};

// Groups that no budget has taken yet, of one queue. Groups of one shape are ordered by what they
// cost, so the first that fits is found without looking at those before it.
class Offers {
 public:
  void add(GroupNumber number, const Group& group);
  void remove(GroupNumber number, const Group& group);
  [[nodiscard]] bool empty() const { return shapes_.empty(); }

  struct Limits {
    Room room;
    double mean_s = 0;     // what an unknown duration counts as
    int slots_there = 0;   // of all nodes in use; 0: as many as anyone could want
    int slots_of_one = 1;  // of each trial in this queue
  };
  [[nodiscard]] std::optional<std::pair<WaitOrder, GroupNumber>> find_first(
      const Limits& limits) const;

 private:
  struct Offer {
    double known_s = 0;
    double longest_s = 0;
    WaitOrder first;
    GroupNumber group = 0;
    bool operator<(const Offer& other) const;
  };
  using Shape = std::pair<std::size_t, int>;  // members, slots of unknown duration
  [[nodiscard]] static const Offer* find_in(const Shape& shape,
                                            const std::set<Offer>& offers,
                                            const Limits& limits);

  std::map<Shape, std::set<Offer>> shapes_;
};

// What waits for the same thing: trials that may start, and groups that first have to be taken.
struct WaitingQueue {
  std::set<WaitOrder> ready = {};
  Offers offers = {};
  // They cannot save a checkpoint before the allocation ends.
  std::vector<TrialNumber> late_trials = {};
  std::vector<GroupNumber> late_groups = {};
  double blocked_since_s = 0;  // nothing of it has started since
};

}  // namespace glimpse::launcher
