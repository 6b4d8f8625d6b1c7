#pragma once

// How messages travel between ranks: rank 0 is the coordinator's, and every rank has an agent, rank
// 0 too. Nothing here ever blocks; messages of one sender to one receiver keep their order. One
// thread.

#include <chrono>
#include <optional>

#include "launcher/transport/message.h"

namespace glimpse::launcher {

// How often a transport that needs probing is asked: a message waits for half of it on average, and
// what it costs an idle rank is mostly waking up. The MPI tests print both.
inline constexpr std::chrono::milliseconds kProbeInterval{4};

struct Received {
  int from = 0;
  Message message;
};

class Transport {
 public:
  virtual ~Transport() = default;
  Transport() = default;
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;
  Transport(Transport&&) = delete;
  Transport& operator=(Transport&&) = delete;

  [[nodiscard]] virtual int rank() const = 0;
  [[nodiscard]] virtual int size() const = 0;
  // To itself, too.
  virtual void send(int to, Message message) = 0;
  virtual std::optional<Received> try_receive() = 0;
  // True when all that was sent has left; a rank that ends earlier may take words with it.
  virtual bool try_flush() = 0;
  // Whether try_receive() must be asked every few milliseconds, since nothing wakes a sleeper.
  [[nodiscard]] virtual bool needs_probing() const = 0;
};

}  // namespace glimpse::launcher
