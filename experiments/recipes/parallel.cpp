#include "experiments/recipes/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace glimpse::experiments {
namespace {

// Small enough that threads end together, large enough that taking one costs nothing.
constexpr std::size_t kRange = 256;

class RangeQueue {
 public:
  RangeQueue(std::size_t count, const RangeWork& work) : count_(count), work_(work) {}

  void drain() noexcept {
    try {
      for (std::size_t begin = next_.fetch_add(kRange); begin < count_;
           begin = next_.fetch_add(kRange)) {
        work_(begin, std::min(count_, begin + kRange));
      }
    } catch (...) {
      next_ = count_;
      const std::scoped_lock lock(mutex_);
      if (!failure_) {
        failure_ = std::current_exception();
      }
    }
  }

  // Only once no thread drains any more.
  void rethrow() const {
    if (failure_) {
      std::rethrow_exception(failure_);
    }
  }

 private:
  std::size_t count_;
  const RangeWork& work_;
  std::atomic<std::size_t> next_ = 0;
  std::mutex mutex_;
  std::exception_ptr failure_;
};

}  // namespace

void run_in_parallel(std::size_t count, int threads, const RangeWork& work) {
  RangeQueue queue(count, work);
  {
    std::vector<std::jthread> helpers;
    for (int i = 1; i < threads; ++i) {
      helpers.emplace_back([&queue] { queue.drain(); });
    }
    queue.drain();
  }
  queue.rethrow();
}

}  // namespace glimpse::experiments
