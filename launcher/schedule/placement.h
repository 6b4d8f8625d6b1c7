#pragma once

// Which slots of which node are free, shared, or kept for a gang, and where a trial would go. Knows
// nothing of order, studies' rules or failures. Not thread-safe.

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "launcher/schedule/scheduler.h"

namespace glimpse::launcher {

struct SlotDemand {
  StudyNumber study = 0;
  int slots = 1;
  std::uint64_t memory_bytes = 0;
  int lanes = 1;  // trials of the study in one slot, this one included; 1: it shares with none
};

struct Place {
  NodeNumber node = 0;
  std::vector<int> slots;
};

// What a trial leaves behind.
struct Vacated {
  int emptied_slots = 0;
  int most_together = 1;  // trials in its slot at any time, itself included
};

class Placement {
 public:
  // Throws std::invalid_argument for a number that is there, or a node without slots.
  void add_node(NodeNumber number, const NodeFacts& facts);
  // Nothing more is placed there. False, and nothing happens, for the last node in use.
  bool exclude(NodeNumber number);

  // An empty slot if there is one, else a shared one with the fewest trials; of nodes with empty
  // slots the fullest, so that gangs find whole nodes. `may_use_kept`: it is what the kept node is
  // kept for.
  [[nodiscard]] std::optional<Place> find(const SlotDemand& demand, bool may_use_kept) const;
  // `until_s`: when the trial is expected to end. How many of the slots were empty.
  int occupy(TrialNumber trial, const SlotDemand& demand, const Place& place, double until_s);
  Vacated vacate(TrialNumber trial);
  [[nodiscard]] NodeNumber node_of(TrialNumber trial) const;

  // Whether a node in use could hold it, were it empty.
  [[nodiscard]] bool could_hold(int slots, std::uint64_t memory_bytes) const;
  [[nodiscard]] int slots_in_use() const { return slots_in_use_; }
  [[nodiscard]] bool has_nodes() const { return !nodes_.empty(); }

  // Of the nodes that could hold it, the one that has so many slots empty first.
  [[nodiscard]] std::optional<NodeNumber> find_soonest(int slots,
                                                       std::uint64_t memory_bytes,
                                                       double now_s) const;
  // One node at a time lets nobody in but what it is kept for; nothing: none.
  void keep(std::optional<NodeNumber> node);
  [[nodiscard]] std::optional<NodeNumber> kept() const { return kept_; }

 private:
  static constexpr std::uint64_t kUnlimited = std::numeric_limits<std::uint64_t>::max();

  struct Slot {
    std::vector<TrialNumber> trials;
    StudyNumber study = 0;
    bool is_shared = false;  // what is in it lets others in
    double until_s = 0;      // when the last of them is expected to end
  };
  struct Node {
    std::vector<Slot> slots;
    int empty = 0;
    std::uint64_t memory_bytes = kUnlimited;
    std::uint64_t free_memory_bytes = kUnlimited;
    bool is_excluded = false;
  };
  struct Seat {
    Place place;
    std::uint64_t memory_bytes = 0;
    double until_s = 0;
    int most_together = 1;
  };
  using Lane = std::tuple<std::size_t, NodeNumber, int>;  // trials in it, node, slot

  void list(NodeNumber number, bool is_listed);
  void enter(TrialNumber trial, Slot& slot);
  void leave(TrialNumber trial, Slot& slot);
  [[nodiscard]] std::optional<Place> find_empty(const SlotDemand& demand) const;
  [[nodiscard]] std::optional<Place> find_lane(const SlotDemand& demand) const;
  [[nodiscard]] Place take_empty(NodeNumber number, int slots) const;
  [[nodiscard]] double free_at(const Node& node, int slots, double now_s) const;

  std::map<NodeNumber, Node> nodes_;
  std::map<TrialNumber, Seat> seats_;
  std::optional<NodeNumber> kept_;
  int slots_in_use_ = 0;
  // Of nodes in use that are not kept: by empty slots, then by memory, and the shared slots.
  std::map<int, std::set<std::pair<std::uint64_t, NodeNumber>>> by_empty_;
  std::map<StudyNumber, std::set<Lane>> lanes_;
  std::map<std::pair<int, std::uint64_t>, int> capacities_;  // of nodes in use, with their count
};

}  // namespace glimpse::launcher
