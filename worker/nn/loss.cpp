#include "worker/nn/loss.h"

#include <torch/torch.h>

namespace glimpse::worker {

torch::Tensor sequence_loss(const torch::Tensor& logits,
                            const torch::Tensor& labels,
                            double epsilon) {
  const torch::Tensor p = torch::softmax(logits, -1).gather(-1, labels.unsqueeze(-1));
  return -(p + epsilon).log().mean();
}

}  // namespace glimpse::worker
