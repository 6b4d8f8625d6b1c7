#pragma once

// The Transport of a process that is alone: what rank 0 sends to itself waits in a queue.

#include <deque>

#include "launcher/transport/transport.h"

namespace glimpse::launcher {

class Loopback final : public Transport {
 public:
  [[nodiscard]] int rank() const override { return 0; }
  [[nodiscard]] int size() const override { return 1; }
  void send(int to, Message message) override;
  std::optional<Received> try_receive() override;
  bool try_flush() override { return true; }
  // Only this thread could send, and it knows when it did.
  [[nodiscard]] bool needs_probing() const override { return false; }

 private:
  std::deque<Message> waiting_;
};

}  // namespace glimpse::launcher
