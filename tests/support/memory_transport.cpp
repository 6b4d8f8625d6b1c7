#include "tests/support/memory_transport.h"

#include <chrono>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "launcher/transport/chunked_transport.h"

namespace glimpse::tests {
namespace {

double steady_s() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(now).count();
}

struct Waiting {
  double due_s = 0;
  std::string chunk;
};

// From one rank to one other.
struct Wire {
  std::deque<Waiting> waiting;
  double delay_s = 0;
  bool is_cut = false;
};

}  // namespace

class MemoryHub::Wires {
 public:
  Wires(int size, std::function<double()> now_s)
      : size_(size),
        now_s_(std::move(now_s)),
        wires_(static_cast<std::size_t>(size) * static_cast<std::size_t>(size)) {}

  [[nodiscard]] int size() const { return size_; }

  void send(int from, int to, std::string chunk) {
    const std::lock_guard lock(mutex_);
    Wire& wire = between(from, to);
    if (!wire.is_cut) {
      wire.waiting.push_back({now_s_() + wire.delay_s, std::move(chunk)});
    }
  }

  // Begins with the sender after `last`, so that none is left waiting behind a busy one.
  std::optional<launcher::Chunk> try_receive(int to, int last) {
    const std::lock_guard lock(mutex_);
    for (int i = 1; i <= size_; ++i) {
      const int from = (last + i) % size_;
      auto& waiting = between(from, to).waiting;
      if (!waiting.empty() && waiting.front().due_s <= now_s_()) {
        launcher::Chunk chunk{from, std::move(waiting.front().chunk)};
        waiting.pop_front();
        return chunk;
      }
    }
    return std::nullopt;
  }

  bool has_left(int from) {
    const std::lock_guard lock(mutex_);
    for (int to = 0; to < size_; ++to) {
      const auto& waiting = between(from, to).waiting;
      if (!waiting.empty() && waiting.back().due_s > now_s_()) {
        return false;
      }
    }
    return true;
  }

  void delay(int from, int to, double seconds) {
    const std::lock_guard lock(mutex_);
    between(from, to).delay_s = seconds;
  }

  void silence(int rank) {
    const std::lock_guard lock(mutex_);
    for (int to = 0; to < size_; ++to) {
      between(rank, to).is_cut = true;
    }
  }

 private:
  Wire& between(int from, int to) {
    return wires_.at(static_cast<std::size_t>(from) * static_cast<std::size_t>(size_) +
                     static_cast<std::size_t>(to));
  }

  std::mutex mutex_;
  int size_;
  std::function<double()> now_s_;
  std::vector<Wire> wires_;
};

namespace {

class MemoryCarrier final : public launcher::ChunkCarrier {
 public:
  MemoryCarrier(std::shared_ptr<MemoryHub::Wires> wires, int rank)
      : wires_(std::move(wires)), rank_(rank) {}

  [[nodiscard]] int rank() const override { return rank_; }
  [[nodiscard]] int size() const override { return wires_->size(); }
  void send(int to, std::string chunk) override { wires_->send(rank_, to, std::move(chunk)); }
  std::optional<launcher::Chunk> try_receive() override {
    auto chunk = wires_->try_receive(rank_, last_);
    last_ = chunk ? chunk->from : last_;
    return chunk;
  }
  bool try_flush() override { return wires_->has_left(rank_); }

 private:
  std::shared_ptr<MemoryHub::Wires> wires_;
  int rank_;
  int last_ = 0;
};

}  // namespace

MemoryHub::MemoryHub(int size, std::function<double()> now_s)
    : wires_(std::make_shared<Wires>(size, now_s ? std::move(now_s) : steady_s)) {}
MemoryHub::~MemoryHub() = default;

std::unique_ptr<launcher::Transport> MemoryHub::transport(int rank) {
  return std::make_unique<launcher::ChunkedTransport>(
      std::make_unique<MemoryCarrier>(wires_, rank));
}

void MemoryHub::delay(int from, int to, double seconds) {
  wires_->delay(from, to, seconds);
}

void MemoryHub::silence(int rank) {
  wires_->silence(rank);
}

}  // namespace glimpse::tests
