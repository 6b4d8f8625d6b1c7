#pragma once

// The ranks that were started together, as one of them sees them. Ends by finish() or by fail(): a
// rank that just went away would leave the others waiting for ever. One thread.

#include <string>
#include <vector>

#include "launcher/transport/transport.h"

namespace glimpse::launcher {

// Where a rank is among those of its node.
struct NodePlace {
  int node = 0;  // the lowest rank there
  int local_rank = 0;
  int local_size = 1;
};

class World {
 public:
  virtual ~World() = default;
  World() = default;
  World(const World&) = delete;
  World& operator=(const World&) = delete;
  World(World&&) = delete;
  World& operator=(World&&) = delete;

  virtual Transport& transport() = 0;
  [[nodiscard]] virtual NodePlace place() const = 0;
  // What every rank gave, by rank. Waits until all have called it: for the start alone.
  virtual std::vector<std::string> all_gather(const std::string& mine) = 0;
  // Waits until all have called it, too. The transport is gone afterwards.
  virtual void finish() = 0;
  // Ends all ranks at once, this one too, with this exit code. Alone there is nobody to end, and it
  // returns.
  virtual void fail(int exit_code) noexcept = 0;
};

}  // namespace glimpse::launcher
