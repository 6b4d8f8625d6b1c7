#include "worker/nn/host_buffer.h"

#include <torch/torch.h>

namespace glimpse::worker {

torch::Tensor HostBuffer::take(std::int64_t count, torch::ScalarType type, torch::Device device) {
  if (!device.is_cpu()) {
    return torch::empty({count}, torch::dtype(type).pinned_memory(true));
  }
  if (!kept_.defined() || kept_.numel() < count || kept_.scalar_type() != type) {
    kept_ = torch::empty({count}, type);
  }
  return kept_.narrow(0, 0, count);
}

}  // namespace glimpse::worker
