#include "worker/step_bench.h"

#include <utility>

#include "worker/schedule.h"

namespace glimpse::worker {

Spent operator-(const Spent& a, const Spent& b) {
  return {.wall_s = a.wall_s - b.wall_s, .cpu_s = a.cpu_s - b.cpu_s};
}

Spent operator+(const Spent& a, const Spent& b) {
  return {.wall_s = a.wall_s + b.wall_s, .cpu_s = a.cpu_s + b.cpu_s};
}

// Dropout at its full rate from the start: how long a step takes does not depend on the rate, but
// on whether there is one.
StepBench::StepBench(Engine& engine, const Recipe& recipe, std::uint32_t images, SpentClock now)
    : engine_(engine),
      now_(std::move(now)),
      batch_(static_cast<std::size_t>(recipe.batch_size)),
      order_(sample_order(/*seed=*/1, /*epoch=*/1, images)) {
  engine_.set_rates(
      {.epoch = 1, .learning_rate = learning_rate(recipe, 1), .dropout = recipe.dropout});
}

Spent StepBench::run(int steps) {
  const Spent start = now_();
  for (int step = 0; step < steps; ++step) {
    engine_.train_step(next_batch());
  }
  static_cast<void>(engine_.train_totals());  // waits for the device
  return now_() - start;
}

PhasesSpent StepBench::run_in_phases(int steps) {
  PhasesSpent phases{};
  for (int step = 0; step < steps; ++step) {
    Spent last = now_();
    engine_.train_step_in_phases(next_batch(), [&](StepPhase phase) {
      const Spent now = now_();
      Spent& sum = phases.at(static_cast<std::size_t>(phase));
      sum = sum + (now - last);
      last = now;
    });
  }
  return phases;
}

std::span<const std::uint32_t> StepBench::next_batch() {
  if (next_ + batch_ > order_.size()) {
    next_ = 0;
  }
  const auto batch = std::span(order_).subspan(next_, batch_);
  next_ += batch_;
  return batch;
}

}  // namespace glimpse::worker
