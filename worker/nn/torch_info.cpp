#include "worker/nn/torch_info.h"

#include <ATen/Parallel.h>
#include <torch/version.h>

namespace glimpse::worker {

TorchInfo torch_info() {
  return {
    .version = TORCH_VERSION, .threads = at::get_num_threads(),
#if AT_PARALLEL_OPENMP
    .parallel = "OpenMP"
#else
    .parallel = "native"
#endif
  };
}

}  // namespace glimpse::worker
