#pragma once

// Ranks of one process, for tests: each has a Transport, and chunks lie in queues between them.
// What one sends can be held up or lost. Each transport has one thread, the hub's own functions may
// be called from any.

#include <functional>
#include <memory>

#include "launcher/transport/transport.h"

namespace glimpse::tests {

class MemoryHub {
 public:
  // Without a clock of the test's own, delays are real time.
  explicit MemoryHub(int size, std::function<double()> now_s = {});
  ~MemoryHub();
  MemoryHub(const MemoryHub&) = delete;
  MemoryHub& operator=(const MemoryHub&) = delete;
  MemoryHub(MemoryHub&&) = delete;
  MemoryHub& operator=(MemoryHub&&) = delete;

  std::unique_ptr<launcher::Transport> transport(int rank);
  // What `from` sends to `to` from now on arrives so much later.
  void delay(int from, int to, double seconds);
  // Nothing that `rank` sends from now on arrives anywhere, as if it hung or its node were gone.
  void silence(int rank);

  class Wires;

 private:
  std::shared_ptr<Wires> wires_;
};

}  // namespace glimpse::tests
