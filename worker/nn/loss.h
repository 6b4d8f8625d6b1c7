#pragma once

// The loss of the released code. A pure function; any thread, any device.

#include <torch/types.h>

namespace glimpse::worker {

// The mean over all digits of -log(p + epsilon), p the softmax probability of the right class.
// epsilon keeps one hopeless digit from outweighing a batch: its gradient fades below epsilon.
// logits: (N, digits, classes); labels: (N, digits), int64.
torch::Tensor sequence_loss(const torch::Tensor& logits,
                            const torch::Tensor& labels,
                            double epsilon);

}  // namespace glimpse::worker
