#pragma once

// What every convolution but the last is followed by, in one pass there and one back. A pure
// function of its tensor; any thread, any device.

#include <torch/types.h>

namespace glimpse::worker {

// Max-pooling 2x2 with stride 2, an odd last row or column left out, behind a rectifier; x is
// (N, C, H, W). Equal to LibTorch's relu and max_pool2d, gradients included, whichever comes first:
// of equal numbers the first is the largest, and what is not a number goes through. Keeps a byte
// per output for the way back, and not x. On the CPU the output lies channels last.
torch::Tensor pool_relu(const torch::Tensor& x);

}  // namespace glimpse::worker
