#include "launcher/schedule/waiting.h"

#include <algorithm>
#include <limits>

namespace glimpse::launcher {

bool WaitOrder::operator<(const WaitOrder& other) const {
  if (was_tried != other.was_tried) {
    return !was_tried;
  }
  if (expected_s != other.expected_s) {
    return expected_s > other.expected_s;
  }
  return std::pair(anchor, trial) < std::pair(other.anchor, other.trial);
}

void Group::add(const WaitOrder& order, int slots) {
  first = members.empty() ? order : std::min(first, order);
  members.push_back(order.trial);
  if (order.expected_s > 0) {
    known_s += order.expected_s * slots;
    longest_s = std::max(longest_s, order.expected_s);
  } else {
    unknown_slots += slots;
  }
}

void Group::clear() {
  members = {};
  known_s = 0;
  unknown_slots = 0;
  longest_s = 0;
}

bool Offers::Offer::operator<(const Offer& other) const {
  if (known_s != other.known_s) {
    return known_s > other.known_s;
  }
  return first < other.first;
}

void Offers::add(GroupNumber number, const Group& group) {
  shapes_[{group.members.size(), group.unknown_slots}].insert(
      {group.known_s, group.longest_s, group.first, number});
}

void Offers::remove(GroupNumber number, const Group& group) {
  const auto shape = shapes_.find({group.members.size(), group.unknown_slots});
  shape->second.erase({group.known_s, group.longest_s, group.first, number});
  if (shape->second.empty()) {
    shapes_.erase(shape);
  }
}

const Offers::Offer* Offers::find_in(const Shape& shape,
                                     const std::set<Offer>& offers,
                                     const Limits& limits) {
  const Room& room = limits.room;
  const auto [members, unknown_slots] = shape;
  const double unknown_s = unknown_slots * limits.mean_s;
  if (room.device_s <= 0 || room.wall_s <= 0 ||
      (unknown_slots > 0 && limits.mean_s > room.wall_s)) {
    return nullptr;
  }
  // One after the other at worst, all slots at once at best.
  const double widest = static_cast<double>(members) * limits.slots_of_one;
  const double at_once =
      limits.slots_there == 0 ? widest : std::min<double>(limits.slots_there, widest);
  const double most_s = std::min(room.device_s, room.wall_s * at_once) - unknown_s;
  if (most_s < 0) {
    return nullptr;
  }
  Offer dearest;  // of all that fit, it would stand first
  dearest.known_s = most_s;
  dearest.first.expected_s = std::numeric_limits<double>::infinity();
  auto offer = offers.lower_bound(dearest);
  while (offer != offers.end() && offer->longest_s > room.wall_s) {
    ++offer;
  }
  return offer == offers.end() ? nullptr : &*offer;
}

std::optional<std::pair<WaitOrder, GroupNumber>> Offers::find_first(const Limits& limits) const {
  const Offer* best = nullptr;
  for (const auto& [shape, offers] : shapes_) {
    const Offer* const offer = find_in(shape, offers, limits);
    if (offer != nullptr && (best == nullptr || offer->first < best->first)) {
      best = offer;
    }
  }
  return best == nullptr ? std::nullopt : std::optional(std::pair(best->first, best->group));
}

}  // namespace glimpse::launcher
