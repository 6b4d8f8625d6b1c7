#include "worker/step_bench.h"

#include <gtest/gtest.h>

#include "tests/worker/fake_engine.h"

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

TEST(StepBench, NeverRunsOutOfWholeBatches) {
  FakeEngine engine;
  StepBench bench(engine, of_batches(4), 10, ticking_clock());
  static_cast<void>(bench.run(7));
  EXPECT_EQ(engine.train_totals().outputs.images, 28U);
}

}  // namespace
}  // namespace glimpse::worker
