#include "worker/nn/torch_runtime.h"

#include <string_view>

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <c10/util/Exception.h>

#include "worker/nn/tensor_memory.h"

namespace glimpse::worker {

using experiments::FaultClass;

void prepare_torch(int threads) {
  keep_tensor_memory();
  at::set_num_threads(threads);
  at::set_num_interop_threads(1);
  at::globalContext().setDeterministicCuDNN(true);
  at::globalContext().setBenchmarkCuDNN(false);
  // By default convolutions on a GPU round their inputs to ten bits.
  at::globalContext().setAllowTF32CuDNN(false);
  at::globalContext().setAllowTF32CuBLAS(false);
}

std::optional<FaultClass> classify_torch(const std::exception& error) {
  if (dynamic_cast<const c10::OutOfMemoryError*>(&error) != nullptr) {
    return FaultClass::kOom;
  }
  const auto* const torch = dynamic_cast<const c10::Error*>(&error);
  if (torch == nullptr) {
    return std::nullopt;
  }
  // LibTorch has no class of its own for it.
  const std::string_view text = torch->what_without_backtrace();
  if (text.find("CUDA") != std::string_view::npos || text.find("cuDNN") != std::string_view::npos) {
    return FaultClass::kCuda;
  }
  return std::nullopt;
}

}  // namespace glimpse::worker
