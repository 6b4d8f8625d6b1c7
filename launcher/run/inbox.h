#pragma once

// What other threads have for an event loop to do. Any thread may put; one takes, and may wait for
// the descriptor to become readable.

#include <functional>
#include <mutex>
#include <vector>

#include "worker/descriptors.h"

namespace glimpse::launcher {

class Inbox {
 public:
  using Task = std::function<void()>;

  Inbox();
  void put(Task task) noexcept;
  // In the order in which they were put.
  std::vector<Task> take_all();
  [[nodiscard]] int descriptor() const { return wake_.reading.get(); }

 private:
  std::mutex mutex_;
  std::vector<Task> tasks_;
  worker::Pipe wake_;  // holds a byte while there are tasks
};

}  // namespace glimpse::launcher
