#include "worker/nn/pool_relu.h"

#include <limits>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>
#include <torch/torch.h>

namespace glimpse::worker {
namespace {

struct Passed {
  torch::Tensor out;
  torch::Tensor gradient;
};

Passed there_and_back(torch::Tensor (*pool)(const torch::Tensor&),
                      const torch::Tensor& values,
                      const torch::Tensor& weights) {
  const torch::Tensor x = values.detach().requires_grad_();
  const torch::Tensor out = pool(x);
  (out * weights).sum().backward();
  return {out.detach(), x.grad()};
}

torch::Tensor libtorchs(const torch::Tensor& x) {
  return torch::max_pool2d(torch::relu(x), 2, 2);
}

// Zero and minus zero are equal here, as they are to every use of them.
void expect_same(const Passed& a, const Passed& b) {
  EXPECT_TRUE(torch::allclose(a.out, b.out, 0, 0, /*equal_nan=*/true));
  EXPECT_TRUE(torch::allclose(a.gradient, b.gradient, 0, 0, /*equal_nan=*/true));
}

// Channels of every remainder of a vector, sides odd and even, both orders of memory, both types;
// few levels, so that many pixels of a window are equal.
TEST(PoolRelu, IsLibTorchsThereAndBack) {
  torch::manual_seed(1);
  for (const auto& [channels, height, width] :
       {std::tuple(1, 2, 2), std::tuple(3, 5, 4), std::tuple(20, 6, 7), std::tuple(37, 31, 31)}) {
    for (const auto type : {torch::kFloat32, torch::kFloat64}) {
      const torch::Tensor values = torch::randint(-2, 3, {3, channels, height, width}, type);
      const torch::Tensor weights = torch::randn({3, channels, height / 2, width / 2}, type);
      expect_same(there_and_back(pool_relu, values, weights),
                  there_and_back(libtorchs, values, weights));
      expect_same(
          there_and_back(pool_relu, values.contiguous(torch::MemoryFormat::ChannelsLast), weights),
          there_and_back(libtorchs, values, weights));
    }
  }
}

TEST(PoolRelu, LetsThroughWhatIsNoNumber) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float inf = std::numeric_limits<float>::infinity();
  // Each is a window of four: at every place, alone and beside larger numbers.
  const torch::Tensor windows = torch::tensor({{nan, 1.F, 2.F, 3.F},
                                               {1.F, nan, 2.F, 3.F},
                                               {inf, 1.F, nan, inf},
                                               {-1.F, -2.F, -3.F, nan},
                                               {nan, nan, nan, nan},
                                               {-inf, -inf, -inf, -inf},
                                               {inf, -inf, inf, 0.F}});
  const torch::Tensor values = windows.view({7, 1, 2, 2});
  const torch::Tensor weights = torch::ones({7, 1, 1, 1});
  expect_same(there_and_back(pool_relu, values, weights),
              there_and_back(libtorchs, values, weights));
  EXPECT_EQ(pool_relu(values).isnan().sum().item<std::int64_t>(), 5);
}

TEST(PoolRelu, DoesNotDependOnTheNumberOfThreads) {
  const torch::Tensor values = torch::randn({7, 5, 9, 8});
  const torch::Tensor weights = torch::randn({7, 5, 4, 4});
  const int threads = at::get_num_threads();
  at::set_num_threads(1);
  const Passed one = there_and_back(pool_relu, values, weights);
  at::set_num_threads(3);
  const Passed three = there_and_back(pool_relu, values, weights);
  at::set_num_threads(threads);
  EXPECT_TRUE(torch::equal(one.out, three.out));
  EXPECT_TRUE(torch::equal(one.gradient, three.gradient));
}

}  // namespace
}  // namespace glimpse::worker
