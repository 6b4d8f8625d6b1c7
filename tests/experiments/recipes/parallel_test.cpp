#include "experiments/recipes/parallel.h"

#include <atomic>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

namespace glimpse::experiments {
namespace {

TEST(RunInParallel, VisitsEveryIndexOnce) {
  for (const int threads : {1, 2, 7}) {
    std::vector<std::atomic<int>> visits(10'001);
    run_in_parallel(visits.size(), threads, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) {
        ++visits[i];
      }
    });
    for (const auto& count : visits) {
      ASSERT_EQ(count, 1);
    }
  }
}

TEST(RunInParallel, DoesNothingForNothing) {
  run_in_parallel(0, 4, [](std::size_t, std::size_t) { FAIL(); });
}

TEST(RunInParallel, ThrowsWhatAPartThrew) {
  const auto work = [](std::size_t begin, std::size_t) {
    if (begin > 1000) {
      throw std::runtime_error("part failed");
    }
  };
  EXPECT_THROW(run_in_parallel(100'000, 3, work), std::runtime_error);
  EXPECT_THROW(run_in_parallel(100'000, 1, work), std::runtime_error);
}

}  // namespace
}  // namespace glimpse::experiments
