#pragma once

// The differentiable crop of a spatial transformer: reads an image at the places that an affine
// transform of a regular grid points to. Pure functions of their tensors; any thread, any device.

#include <cstdint>

#include <torch/types.h>

namespace glimpse::worker {

// What a place outside the image reads as, and where +1 lies. `border` clamps to the edge. `zeros`
// reads black. `lasagne2015` is what Lasagne did between August and October 2015, when the paper
// was written: +1 lies one pixel outside, and nothing is read at or beyond the last row and column.
enum class SamplerRule { kBorder, kZeros, kLasagne2015 };

// theta: (N, 6) or (N, 2, 3), rows [a b tx; c d ty], x first, in coordinates from -1 to 1.
// images: (N, C, H, W). Returns (N, C, side, side).
torch::Tensor sample_affine(const torch::Tensor& images,
                            const torch::Tensor& theta,
                            std::int64_t side,
                            SamplerRule rule);

}  // namespace glimpse::worker
