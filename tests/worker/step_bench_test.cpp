#include "worker/step_bench.h"

#include <gtest/gtest.h>

#include "tests/worker/fake_engine.h"
#include "worker/schedule.h"

namespace glimpse::worker {
namespace {

// Every look at it takes a second of the wall, and half as much of the processor.
SpentClock ticking_clock() {
  return [ticks = 0]() mutable {
    ++ticks;
    return Spent{.wall_s = 1.0 * ticks, .cpu_s = 0.5 * ticks};
  };
}

Recipe of_batches(int size) {
  Recipe recipe;
  recipe.batch_size = size;
  return recipe;
}

TEST(StepBench, TakesTheTimeOfAllStepsTogether) {
  FakeEngine engine;
  StepBench bench(engine, of_batches(3), 10, ticking_clock());
  EXPECT_EQ(bench.run(4), (Spent{.wall_s = 1, .cpu_s = 0.5}));
  EXPECT_EQ(engine.steps_done, 4U);
}

TEST(StepBench, TakesTheTimeOfEveryPhaseApart) {
  FakeEngine engine;
  StepBench bench(engine, of_batches(3), 10, ticking_clock());
  for (const Spent& phase : bench.run_in_phases(4)) {
    EXPECT_EQ(phase, (Spent{.wall_s = 4, .cpu_s = 2}));
  }
  EXPECT_EQ(engine.steps_done, 4U);
}

TEST(StepBench, TakesWholeBatchesInOneOrderOverAndOver) {
  const Recipe recipe = of_batches(4);
  FakeEngine engine;
  StepBench bench(engine, recipe, 10, ticking_clock());
  static_cast<void>(bench.run(5));
  static_cast<void>(bench.run_in_phases(2));
  FakeEngine expected;
  expected.set_rates({.epoch = 1, .learning_rate = learning_rate(recipe, 1), .dropout = 0});
  const std::vector<std::uint32_t> order = sample_order(1, 1, 10);
  for (std::size_t step = 0; step < 7; ++step) {
    expected.train_step(std::span(order).subspan(step % 2 * 4, 4));
  }
  EXPECT_EQ(engine.weights_hash(), expected.weights_hash());
}

}  // namespace
}  // namespace glimpse::worker
