// What can be said of the CUDA build without a GPU.

#include <algorithm>
#include <array>
#include <memory>
#include <set>
#include <string>

#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/record_function.h>
#include <c10/cuda/CUDAFunctions.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

#include "experiments/model_table.h"
#include "tests/worker/nn/device_step.h"
#include "worker/nn/torch_runtime.h"

namespace glimpse::worker {
namespace {

using Names =
    std::set<c10::OperatorName, bool (*)(const c10::OperatorName&, const c10::OperatorName&)>;

bool is_before(const c10::OperatorName& a, const c10::OperatorName& b) {
  return std::tie(a.name, a.overload_name) < std::tie(b.name, b.overload_name);
}

// LibTorch's callbacks are plain functions, so what they find has a place of its own.
Names& called_operators() {
  thread_local Names names(&is_before);
  return names;
}

std::unique_ptr<at::ObserverContext> note_operator(const at::RecordFunction& function) {
  if (const auto name = function.operator_name()) {
    called_operators().insert(*name);
  }
  return nullptr;
}

// Every operator that a step calls on the CPU, the backward pass included.
Names operators_of(const std::string& model) {
  called_operators().clear();
  // The CPU's own library has operators that only the CPU has.
  at::globalContext().setUserEnabledMkldnn(false);
  const auto handle = at::addThreadLocalCallback(
      at::RecordFunctionCallback(&note_operator)
          .scopes({at::RecordScope::FUNCTION, at::RecordScope::BACKWARD_FUNCTION}));
  take_step({.parameters = experiments::resolve(
                 {{"model", model}, {"filters", 4.0}, {"dense", 8.0}, {"optimizer", "adamw"}}),
             .shape = {.width = 60, .height = 60, .digits = 2},
             .dropout = 0.3,
             .images = 2},
            torch::kCPU,
            torch::kFloat32);
  at::removeCallback(handle);
  at::globalContext().setUserEnabledMkldnn(true);
  return called_operators();
}

bool runs_on_cuda(const c10::OperatorName& name) {
  constexpr std::array kKeys = {c10::DispatchKey::CUDA,
                                c10::DispatchKey::CompositeImplicitAutograd,
                                c10::DispatchKey::CompositeExplicitAutograd,
                                c10::DispatchKey::CompositeExplicitAutogradNonFunctional};
  const auto found = c10::Dispatcher::singleton().findOp(name);
  return found && std::ranges::any_of(kKeys, [&](c10::DispatchKey key) {
           return found->hasKernelForDispatchKey(key);
         });
}

TEST(CudaBuild, HasAKernelForEveryOperatorOfAStep) {
  for (const char* const model : {"rnn-spn", "ffn-spn", "conv"}) {
    const Names names = operators_of(model);
    EXPECT_GT(names.size(), 40U) << "few operators were noted";
    for (const c10::OperatorName& name : names) {
      EXPECT_TRUE(runs_on_cuda(name)) << name.name << '.' << name.overload_name;
    }
  }
}

// The negative control: an operator that only the CPU has.
TEST(CudaBuild, HasNoKernelForTheCpusOwnProduct) {
  EXPECT_FALSE(runs_on_cuda({"aten::mkldnn_linear", ""}));
}

TEST(CudaBuild, ComputesInFullPrecisionAndRepeatsItself) {
  EXPECT_FALSE(at::globalContext().allowTF32CuDNN());
  EXPECT_FALSE(at::globalContext().allowTF32CuBLAS());
  EXPECT_TRUE(at::globalContext().deterministicCuDNN());
  EXPECT_FALSE(at::globalContext().benchmarkCuDNN());
}

TEST(CudaBuild, SharesLibTorchsWatchOverWaiting) {
  c10::cuda::warning_state().set_sync_debug_mode(c10::cuda::SyncDebugMode::L_ERROR);
  EXPECT_THROW(c10::cuda::warn_or_error_on_sync(), c10::Error);
  c10::cuda::warning_state().set_sync_debug_mode(c10::cuda::SyncDebugMode::L_DISABLED);
  EXPECT_NO_THROW(c10::cuda::warn_or_error_on_sync());
}

}  // namespace
}  // namespace glimpse::worker
