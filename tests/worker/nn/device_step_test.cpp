// The tolerances that GPUs are held to, tried without one: the CPU against itself with convolutions
// that add up in another order.

#include "tests/worker/nn/device_step.h"

#include <vector>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "experiments/model_table.h"

namespace glimpse::worker {
namespace {

std::vector<RandomState> states() {
  std::vector<RandomState> states;
  for (const char* const model : {"rnn-spn", "ffn-spn", "conv"}) {
    states.push_back({.parameters = experiments::resolve({{"model", model}, {"filters", 12.0}}),
                      .shape = {.width = 60, .height = 60, .digits = 2},
                      .seed = 3,
                      .dropout = 0.3,
                      .images = 4});
  }
  return states;
}

// In double precision there is only one kind of convolution on the CPU.
Step take_float_step_otherwise(const RandomState& state) {
  at::globalContext().setUserEnabledMkldnn(false);
  Step step = take_step(state, torch::kCPU, torch::kFloat32);
  at::globalContext().setUserEnabledMkldnn(true);
  return step;
}

TEST(DeviceStep, StaysWithinItsTolerancesInAnotherOrderOfSums) {
  for (const RandomState& state : states()) {
    const Step step = take_step(state, torch::kCPU, torch::kFloat32);
    const Distance apart = distance(take_float_step_otherwise(state), step);
    EXPECT_TRUE(apart.is_within(kFloatTolerance)) << to_string(apart);
    EXPECT_GT(apart.output, 0) << "nothing was compared";
  }
}

// The negative control: what is wrong by little is seen.
TEST(DeviceStep, SeesHalfPrecisionAndOtherDropout) {
  for (const RandomState& state : states()) {
    const Step expected = take_step(state, torch::kCPU, torch::kFloat64);
    EXPECT_FALSE(distance(take_step(state, torch::kCPU, torch::kFloat32), expected)
                     .is_within(kDoubleTolerance));
    RandomState other = state;
    other.dropout = 0.31;
    const Distance apart = distance(take_step(other, torch::kCPU, torch::kFloat64), expected);
    EXPECT_GT(apart.output, 10 * kFloatTolerance.output);
    EXPECT_GT(apart.gradient, 10 * kFloatTolerance.gradient);
    EXPECT_GT(apart.move, 10 * kFloatTolerance.move);
  }
}

}  // namespace
}  // namespace glimpse::worker
