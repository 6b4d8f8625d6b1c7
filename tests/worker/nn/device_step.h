#pragma once

// One training step from a random state, on any device, and how far two of them lie apart. What a
// GPU's step is compared with is the CPU's.

#include <cstdint>
#include <map>
#include <string>

#include <torch/types.h>

#include "experiments/dataset_spec.h"
#include "experiments/value.h"

namespace glimpse::worker {

// Theta lies off the identity, where bilinear sampling has no derivative; images are gentle slopes,
// so that a coordinate that is off by its rounding reads the same.
struct RandomState {
  experiments::Assignment parameters;  // resolved
  experiments::ImageShape shape;
  std::uint64_t seed = 1;
  double dropout = 0;
  std::int64_t images = 8;
};

// All on the CPU, in double precision.
struct Step {
  std::map<std::string, torch::Tensor> outputs;  // logits; theta and crops where there are any
  torch::Tensor loss;
  std::map<std::string, torch::Tensor> gradients;
  std::map<std::string, torch::Tensor> moves;  // of the weights
};

Step take_step(const RandomState& state, torch::Device device, torch::ScalarType type);

// The largest over all tensors of each kind.
struct Distance {
  double output = 0;    // largest difference, as a share of the largest element
  double loss = 0;      // as a share
  double gradient = 0;  // norm of the difference, as a share of the norm
  double move = 0;      // likewise

  [[nodiscard]] bool is_within(const Distance& tolerance) const;
};

Distance distance(const Step& found, const Step& expected);
std::string to_string(const Distance& distance);

// What two devices may differ by that add the same numbers up in another order: for floats some 20
// times what the CPU differs by from itself, which was 8e-7, 1e-7, 2e-5 and 4e-5 at most over 30
// random states. Inputs rounded to ten bits would be off by more than the first.
inline constexpr Distance kFloatTolerance = {
    .output = 2e-5, .loss = 2e-6, .gradient = 5e-4, .move = 1e-3};
inline constexpr Distance kDoubleTolerance = {
    .output = 1e-12, .loss = 1e-12, .gradient = 1e-10, .move = 1e-10};

}  // namespace glimpse::worker
