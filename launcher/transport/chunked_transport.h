#pragma once

// The Transport over anything that carries chunks between ranks in order: MPI in the product, a
// queue in tests. One thread.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "launcher/transport/chunks.h"
#include "launcher/transport/transport.h"

namespace glimpse::launcher {

struct Chunk {
  int from = 0;
  std::string bytes;
};

// Nothing here may block.
class ChunkCarrier {
 public:
  virtual ~ChunkCarrier() = default;
  ChunkCarrier() = default;
  ChunkCarrier(const ChunkCarrier&) = delete;
  ChunkCarrier& operator=(const ChunkCarrier&) = delete;
  ChunkCarrier(ChunkCarrier&&) = delete;
  ChunkCarrier& operator=(ChunkCarrier&&) = delete;

  [[nodiscard]] virtual int rank() const = 0;
  [[nodiscard]] virtual int size() const = 0;
  virtual void send(int to, std::string chunk) = 0;
  virtual std::optional<Chunk> try_receive() = 0;
  virtual bool try_flush() = 0;
};

class ChunkedTransport final : public Transport {
 public:
  explicit ChunkedTransport(std::unique_ptr<ChunkCarrier> carrier);

  [[nodiscard]] int rank() const override { return carrier_->rank(); }
  [[nodiscard]] int size() const override { return carrier_->size(); }
  void send(int to, Message message) override;
  std::optional<Received> try_receive() override;
  bool try_flush() override { return carrier_->try_flush(); }
  [[nodiscard]] bool needs_probing() const override { return true; }

 private:
  std::optional<Message> add(const Chunk& chunk);

  std::unique_ptr<ChunkCarrier> carrier_;
  std::vector<ChunkCutter> cutters_;  // by receiver
  std::vector<ChunkJoiner> joiners_;  // by sender
};

}  // namespace glimpse::launcher
