#include "launcher/schedule/placement.h"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace glimpse::launcher {

void Placement::add_node(NodeNumber number, const NodeFacts& facts) {
  if (facts.slots < 1 || nodes_.contains(number)) {
    throw std::invalid_argument("node " + std::to_string(number) +
                                (facts.slots < 1 ? " has no slots" : " joined before"));
  }
  Node& node = nodes_[number];
  node.slots.resize(static_cast<std::size_t>(facts.slots));
  node.empty = facts.slots;
  node.memory_bytes = facts.memory_bytes == 0 ? kUnlimited : facts.memory_bytes;
  node.free_memory_bytes = node.memory_bytes;
  slots_in_use_ += facts.slots;
  ++capacities_[{facts.slots, node.memory_bytes}];
  list(number, true);
}

bool Placement::exclude(NodeNumber number) {
  Node& node = nodes_.at(number);
  const auto in_use = std::count_if(
      nodes_.begin(), nodes_.end(), [](const auto& entry) { return !entry.second.is_excluded; });
  if (node.is_excluded || in_use == 1) {
    return false;
  }
  if (kept_ == number) {
    keep(std::nullopt);
  }
  list(number, false);
  node.is_excluded = true;
  const auto slots = static_cast<int>(node.slots.size());
  slots_in_use_ -= slots;
  const auto capacity = capacities_.find({slots, node.memory_bytes});
  if (--capacity->second == 0) {
    capacities_.erase(capacity);
  }
  return true;
}

// A node is taken off the lists before anything about it changes, and put on them again afterwards.
void Placement::list(NodeNumber number, bool is_listed) {
  const Node& node = nodes_.at(number);
  if (node.is_excluded || kept_ == number) {
    return;
  }
  auto& same_empty = by_empty_[node.empty];
  const std::pair entry{node.free_memory_bytes, number};
  if (is_listed) {
    same_empty.insert(entry);
  } else {
    same_empty.erase(entry);
  }
  for (std::size_t i = 0; i < node.slots.size(); ++i) {
    const Slot& slot = node.slots[i];
    if (slot.is_shared && !slot.trials.empty()) {
      const Lane lane{slot.trials.size(), number, static_cast<int>(i)};
      if (is_listed) {
        lanes_[slot.study].insert(lane);
      } else {
        lanes_[slot.study].erase(lane);
      }
    }
  }
}

std::optional<Place> Placement::find(const SlotDemand& demand, bool may_use_kept) const {
  if (auto place = find_empty(demand)) {
    return place;
  }
  if (kept_ && may_use_kept) {
    const Node& node = nodes_.at(*kept_);
    if (node.empty >= demand.slots && node.free_memory_bytes >= demand.memory_bytes) {
      return take_empty(*kept_, demand.slots);
    }
  }
  return find_lane(demand);
}

std::optional<Place> Placement::find_empty(const SlotDemand& demand) const {
  for (auto same_empty = by_empty_.lower_bound(demand.slots); same_empty != by_empty_.end();
       ++same_empty) {
    const auto found = same_empty->second.lower_bound({demand.memory_bytes, 0});
    if (found != same_empty->second.end()) {
      return take_empty(found->second, demand.slots);
    }
  }
  return std::nullopt;
}

std::optional<Place> Placement::find_lane(const SlotDemand& demand) const {
  const auto lanes = lanes_.find(demand.study);
  if (demand.slots > 1 || demand.lanes <= 1 || lanes == lanes_.end()) {
    return std::nullopt;
  }
  for (const auto& [trials, number, slot] : lanes->second) {
    if (trials >= static_cast<std::size_t>(demand.lanes)) {
      break;
    }
    if (nodes_.at(number).free_memory_bytes >= demand.memory_bytes) {
      return Place{number, {slot}};
    }
  }
  return std::nullopt;
}

Place Placement::take_empty(NodeNumber number, int slots) const {
  Place place{number, {}};
  const Node& node = nodes_.at(number);
  for (std::size_t i = 0; place.slots.size() < static_cast<std::size_t>(slots); ++i) {
    if (node.slots[i].trials.empty()) {
      place.slots.push_back(static_cast<int>(i));
    }
  }
  return place;
}

void Placement::leave(TrialNumber trial, Slot& slot) {
  std::erase(slot.trials, trial);
  slot.until_s = 0;
  for (const TrialNumber other : slot.trials) {
    slot.until_s = std::max(slot.until_s, seats_.at(other).until_s);
  }
}

void Placement::enter(TrialNumber trial, Slot& slot) {
  slot.trials.push_back(trial);
  slot.until_s = std::max(slot.until_s, seats_.at(trial).until_s);
  const auto together = static_cast<int>(slot.trials.size());
  for (const TrialNumber other : slot.trials) {
    Seat& seat = seats_.at(other);
    seat.most_together = std::max(seat.most_together, together);
  }
}

int Placement::occupy(TrialNumber trial,
                      const SlotDemand& demand,
                      const Place& place,
                      double until_s) {
  list(place.node, false);
  Node& node = nodes_.at(place.node);
  seats_[trial] = {.place = place, .memory_bytes = demand.memory_bytes, .until_s = until_s};
  if (node.memory_bytes != kUnlimited) {
    node.free_memory_bytes -= demand.memory_bytes;
  }
  int emptied = 0;
  for (const int number : place.slots) {
    Slot& slot = node.slots.at(static_cast<std::size_t>(number));
    emptied += slot.trials.empty() ? 1 : 0;
    slot.study = demand.study;
    slot.is_shared = demand.slots == 1 && demand.lanes > 1;
    enter(trial, slot);
  }
  node.empty -= emptied;
  list(place.node, true);
  return emptied;
}

Vacated Placement::vacate(TrialNumber trial) {
  const Seat seat = seats_.at(trial);
  list(seat.place.node, false);
  Node& node = nodes_.at(seat.place.node);
  Vacated vacated{.most_together = seat.most_together};
  for (const int number : seat.place.slots) {
    Slot& slot = node.slots.at(static_cast<std::size_t>(number));
    leave(trial, slot);
    vacated.emptied_slots += slot.trials.empty() ? 1 : 0;
  }
  if (node.memory_bytes != kUnlimited) {
    node.free_memory_bytes += seat.memory_bytes;
  }
  node.empty += vacated.emptied_slots;
  seats_.erase(trial);
  list(seat.place.node, true);
  return vacated;
}

NodeNumber Placement::node_of(TrialNumber trial) const {
  return seats_.at(trial).place.node;
}

bool Placement::could_hold(int slots, std::uint64_t memory_bytes) const {
  return std::any_of(capacities_.begin(), capacities_.end(), [&](const auto& entry) {
    return entry.first.first >= slots && entry.first.second >= memory_bytes;
  });
}

// When the memory comes free is not looked at: nobody else is let in, so it does in the end.
double Placement::free_at(const Node& node, int slots, double now_s) const {
  std::vector<double> times;
  times.reserve(node.slots.size());
  for (const Slot& slot : node.slots) {
    times.push_back(std::max(now_s, slot.until_s));
  }
  const auto last = times.begin() + slots - 1;
  std::nth_element(times.begin(), last, times.end());
  return *last;
}

std::optional<NodeNumber> Placement::find_soonest(int slots,
                                                  std::uint64_t memory_bytes,
                                                  double now_s) const {
  std::optional<NodeNumber> soonest;
  double soonest_s = 0;
  for (const auto& [number, node] : nodes_) {
    if (node.is_excluded || node.slots.size() < static_cast<std::size_t>(slots) ||
        node.memory_bytes < memory_bytes) {
      continue;
    }
    const double time = free_at(node, slots, now_s);
    if (!soonest || time < soonest_s) {
      soonest = number;
      soonest_s = time;
    }
  }
  return soonest;
}

void Placement::keep(std::optional<NodeNumber> node) {
  const std::optional<NodeNumber> before = kept_;
  if (node) {
    list(*node, false);
  }
  kept_ = node;
  if (before && before != node) {
    list(*before, true);
  }
}

}  // namespace glimpse::launcher
