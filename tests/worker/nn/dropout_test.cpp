#include "worker/nn/dropout.h"

#include <cmath>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "experiments/philox.h"

namespace glimpse::worker {
namespace {

using experiments::Purpose;
using experiments::RandomStream;

constexpr std::uint64_t kSeed = 77;
constexpr std::uint32_t kEpoch = 5;
constexpr double kRate = 0.3;
const std::vector<std::uint32_t> kSamples = {40, 7, 59999, 8};

torch::Tensor ones(const std::vector<std::int64_t>& sizes,
                   torch::ScalarType type = torch::kFloat32,
                   torch::MemoryFormat layout = torch::MemoryFormat::Contiguous) {
  return torch::ones(sizes, type).contiguous(layout);
}

// The mask itself is what dropout makes of ones.
torch::Tensor mask_of(const torch::Tensor& x,
                      const std::vector<std::uint32_t>& samples = kSamples,
                      std::uint32_t epoch = kEpoch,
                      std::uint64_t seed = kSeed) {
  Dropout dropout;
  dropout.begin_batch(seed, epoch, samples, kRate);
  return dropout.apply(x);
}

// What the header promises, number by number.
torch::Tensor promised_mask(std::vector<std::int64_t> sizes, std::int64_t position) {
  torch::Tensor mask = torch::empty(sizes, torch::kFloat64);
  const std::int64_t per_image = mask.numel() / std::ssize(kSamples);
  auto* element = mask.mutable_data_ptr<double>();
  for (const std::uint32_t sample : kSamples) {
    RandomStream stream(kSeed, Purpose::kDropout, kEpoch, sample);
    for (std::int64_t i = 0; i < position; ++i) {
      stream.next_u32();
    }
    for (std::int64_t i = 0; i < per_image; ++i) {
      *element++ = stream.next_u32() >= kRate * 0x1p32 ? 1 / (1 - kRate) : 0;
    }
  }
  return mask;
}

TEST(Dropout, DecidesWithNumbersThatHaveNames) {
  Dropout dropout;
  dropout.begin_batch(kSeed, kEpoch, kSamples, kRate);
  // 45 numbers an image, so that the second site begins within a block of four.
  const torch::Tensor first = dropout.apply(ones({4, 5, 3, 3}, torch::kFloat64));
  EXPECT_TRUE(torch::equal(first, promised_mask({4, 5, 3, 3}, 0)));
  const torch::Tensor second = dropout.apply(ones({12, 5, 2, 3}, torch::kFloat64));
  EXPECT_TRUE(torch::equal(second, promised_mask({12, 5, 2, 3}, 45)));
  const torch::Tensor third = dropout.apply(ones({4, 1, 1, 2}, torch::kFloat64));
  EXPECT_TRUE(torch::equal(third, promised_mask({4, 1, 1, 2}, 45 + 90)));
}

TEST(Dropout, DoesNotDependOnTheRestOfTheBatch) {
  const torch::Tensor together = mask_of(ones({12, 5, 4, 3}));  // three glimpses an image
  for (std::size_t n = 0; n < kSamples.size(); ++n) {
    const torch::Tensor alone = mask_of(ones({3, 5, 4, 3}), {kSamples[n]});
    EXPECT_TRUE(torch::equal(alone, together.narrow(0, 3 * static_cast<std::int64_t>(n), 3)));
  }
}

TEST(Dropout, DoesNotDependOnTheMemoryLayout) {
  const torch::Tensor rows = mask_of(ones({8, 5, 4, 3}));
  const torch::Tensor channels_last =
      mask_of(ones({8, 5, 4, 3}, torch::kFloat32, torch::MemoryFormat::ChannelsLast));
  EXPECT_TRUE(torch::equal(rows, channels_last));
  EXPECT_TRUE(channels_last.is_contiguous(torch::MemoryFormat::ChannelsLast));
  const torch::Tensor strided = mask_of(ones({8, 5, 3, 4}).transpose(2, 3));
  EXPECT_TRUE(torch::equal(rows, strided));
}

TEST(Dropout, DoesNotDependOnThePrecision) {
  const torch::Tensor single = mask_of(ones({4, 5, 4, 3}));
  const torch::Tensor both = mask_of(ones({4, 5, 4, 3}, torch::kFloat64));
  EXPECT_TRUE(torch::equal(single, both.to(torch::kFloat32)));
}

TEST(Dropout, DoesNotDependOnTheNumberOfThreads) {
  const int threads = at::get_num_threads();
  at::set_num_threads(1);
  const torch::Tensor one = mask_of(ones({12, 5, 14, 13}));
  at::set_num_threads(3);
  const torch::Tensor three = mask_of(ones({12, 5, 14, 13}));
  at::set_num_threads(threads);
  EXPECT_TRUE(torch::equal(one, three));
}

TEST(Dropout, DoesNotDependOnEarlierBatches) {
  Dropout dropout;
  dropout.begin_batch(kSeed, 1, kSamples, 0.9);
  dropout.apply(ones({8, 6, 5, 5}));
  dropout.apply(ones({4, 6, 2, 2}));
  dropout.begin_batch(kSeed, kEpoch, {{7, 8}}, kRate);  // smaller, as at the end of an epoch
  EXPECT_TRUE(torch::equal(dropout.apply(ones({2, 5, 4, 3})), mask_of(ones({2, 5, 4, 3}), {7, 8})));
}

TEST(Dropout, DrawsAnewForEveryEpochSeedSampleAndSite) {
  const torch::Tensor x = ones({4, 8, 8, 8});
  const torch::Tensor mask = mask_of(x);
  EXPECT_FALSE(torch::equal(mask, mask_of(x, kSamples, kEpoch + 1)));
  EXPECT_FALSE(torch::equal(mask, mask_of(x, kSamples, kEpoch, kSeed + 1)));
  EXPECT_FALSE(torch::equal(mask[0], mask[1]));
  Dropout dropout;
  dropout.begin_batch(kSeed, kEpoch, kSamples, kRate);
  const torch::Tensor first = dropout.apply(x);
  EXPECT_FALSE(torch::equal(first, dropout.apply(x)));
}

TEST(Dropout, DropsAtItsRateAndKeepsTheMean) {
  const torch::Tensor mask = mask_of(ones({400, 32, 15, 15}, torch::kFloat64));
  const auto count = static_cast<double>(mask.numel());
  const double dropped = (mask == 0).sum().item<double>() / count;
  EXPECT_NEAR(dropped, kRate, 4 * std::sqrt(kRate * (1 - kRate) / count));
  EXPECT_TRUE(((mask == 0) | (mask == 1 / (1 - kRate))).all().item<bool>());
}

TEST(Dropout, PassesGradientsWhereItKeeps) {
  const torch::Tensor x = ones({4, 5, 4, 3}).requires_grad_();
  const torch::Tensor y = mask_of(x);
  y.sum().backward();
  EXPECT_TRUE(torch::equal(x.grad(), y.detach()));
}

TEST(Dropout, RefusesTheGradientOfABatchThatIsOver) {
  Dropout dropout;
  dropout.begin_batch(kSeed, kEpoch, kSamples, kRate);
  const torch::Tensor x = ones({4, 5, 4, 3}).requires_grad_();
  const torch::Tensor y = dropout.apply(x);
  dropout.begin_batch(kSeed, kEpoch, kSamples, kRate);
  dropout.apply(x);
  EXPECT_THROW(y.sum().backward(), c10::Error);  // its mask has been written over
}

TEST(Dropout, HandsBackItsInputWhereNothingIsDropped) {
  const torch::Tensor x = ones({4, 5, 4, 3});
  Dropout dropout;
  EXPECT_TRUE(dropout.apply(x).is_same(x));  // no batch has begun, as in evaluation
  dropout.begin_batch(kSeed, kEpoch, kSamples, 0);
  EXPECT_TRUE(dropout.apply(x).is_same(x));
}

TEST(Dropout, RefusesRatesAndTensorsThatMakeNoSense) {
  Dropout dropout;
  for (const double rate : {-0.1, 1.0, std::nan("")}) {
    EXPECT_THROW(dropout.begin_batch(kSeed, kEpoch, kSamples, rate), std::invalid_argument);
  }
  dropout.begin_batch(kSeed, kEpoch, kSamples, kRate);
  EXPECT_THROW(dropout.apply(ones({6, 5, 4, 3})), std::invalid_argument);  // four images
  EXPECT_THROW(dropout.apply(ones({4, 5})), std::invalid_argument);
  EXPECT_THROW(dropout.apply(ones({0, 5, 4, 3})), std::invalid_argument);
  EXPECT_THROW(dropout.apply(ones({4, 5, 4, 3}, torch::kFloat16)), std::invalid_argument);
  dropout.begin_batch(kSeed, kEpoch, {}, kRate);
  EXPECT_THROW(dropout.apply(ones({4, 5, 4, 3})), std::invalid_argument);
}

}  // namespace
}  // namespace glimpse::worker
