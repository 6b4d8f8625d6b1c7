// One step on a GPU against the CPU's and against plain PyTorch's.

#include <vector>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "experiments/model_table.h"
#include "tests/worker/cuda/gpu_test.h"
#include "tests/worker/nn/device_step.h"
#include "tests/worker/nn/reference.h"
#include "worker/nn/host_buffer.h"
#include "worker/nn/torch_runtime.h"

namespace glimpse::worker {
namespace {

class GpuReference : public OnGpu<testing::TestWithParam<ReferenceCase>> {};

TEST_P(GpuReference, AgreesInDoublePrecision) {
  expect_reference(GetParam(), 1e-10, torch::kFloat64, torch::Device(kGpu));
}

TEST_P(GpuReference, AgreesInSinglePrecision) {
  expect_reference(GetParam(), 2e-5, torch::kFloat32, torch::Device(kGpu));
}

INSTANTIATE_TEST_SUITE_P(Networks,
                         GpuReference,
                         testing::ValuesIn(reference_cases()),
                         [](const auto& each) { return std::string(each.param.name); });

// The networks of the paper's table in their full size.
class GpuStep : public OnGpu<testing::TestWithParam<const char*>> {
 protected:
  void expect_the_cpus(torch::ScalarType type, const Distance& tolerance) {
    for (const std::uint64_t seed : {1, 2, 3}) {
      const RandomState state{.parameters = experiments::resolve({{"model", GetParam()}}),
                              .shape = {},
                              .seed = seed,
                              .dropout = seed == 1 ? 0 : 0.3,
                              .images = 6};
      const Step expected = take_step(state, torch::kCPU, type);
      const Distance apart = distance(take_step(state, torch::Device(kGpu), type), expected);
      std::cout << "seed " << seed << ": " << to_string(apart) << '\n';
      EXPECT_TRUE(apart.is_within(tolerance)) << "not within " << to_string(tolerance);
    }
  }
};

TEST_P(GpuStep, IsTheCpusInDoublePrecision) {
  expect_the_cpus(torch::kFloat64, kDoubleTolerance);
}

TEST_P(GpuStep, IsTheCpusInSinglePrecision) {
  expect_the_cpus(torch::kFloat32, kFloatTolerance);
}

INSTANTIATE_TEST_SUITE_P(Models,
                         GpuStep,
                         testing::Values("rnn-spn", "ffn-spn", "conv"),
                         [](const auto& each) {
                           std::string name = each.param;
                           std::erase(name, '-');
                           return name;
                         });

class GpuMemory : public GpuTest {};

TEST_F(GpuMemory, IsFedFromPinnedMemory) {
  HostBuffer buffer;
  EXPECT_TRUE(buffer.take(1000, torch::kFloat32, torch::Device(kGpu)).is_pinned());
  EXPECT_FALSE(buffer.take(1000, torch::kFloat32, torch::kCPU).is_pinned());
}

TEST_F(GpuMemory, ThatDoesNotSufficeIsNamed) {
  const auto too_much = static_cast<std::int64_t>(list_devices().front().memory_bytes);
  try {
    static_cast<void>(torch::empty({too_much}, torch::dtype(torch::kFloat64).device(kGpu)));
    FAIL() << "eight times the memory of the GPU was there";
  } catch (const std::exception& error) {
    EXPECT_EQ(classify_torch(error), experiments::FaultClass::kOom);
  }
}

}  // namespace
}  // namespace glimpse::worker
