#pragma once

// The differentiable glimpse of a spatial transformer: reads an image at the places that an affine
// transform of a regular grid points to. Pure functions of their tensors; any thread, any device.

#include <cstdint>

#include <torch/types.h>

namespace glimpse::worker {

// Numbers of an affine transform of the plane, rows [a b tx; c d ty], x first, in coordinates from
// -1 to 1.
inline constexpr std::int64_t kThetaSize = 6;

// What a place outside the image reads as, and where +1 lies. `border` clamps to the edge. `zeros`
// reads black. `lasagne2015` is what Lasagne did between August and October 2015, when the paper
// was written: +1 lies one pixel outside, and nothing is read at or beyond the last row and column.
enum class SamplerRule { kBorder, kZeros, kLasagne2015 };

struct GlimpseOptions {
  std::int64_t height = 0;
  std::int64_t width = 0;
  SamplerRule rule = SamplerRule::kBorder;
};

// images: (N, 1, H, W), which get no gradient if they ask for none. theta: (N, g, 2, 3). Returns
// (N, g, height, width): g glimpses of every image, read in one pass without copying it.
torch::Tensor sample_affine(const torch::Tensor& images,
                            const torch::Tensor& theta,
                            const GlimpseOptions& options);

}  // namespace glimpse::worker
