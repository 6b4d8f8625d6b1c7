#include "worker/nn/affine_sampler.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

namespace glimpse::worker {
namespace {

constexpr std::int64_t kHeight = 90;
constexpr std::int64_t kWidth = 100;

torch::Tensor random_images() {
  torch::manual_seed(1);
  return torch::rand({2, 1, kHeight, kWidth}, torch::kFloat64);
}

torch::Tensor identity() {
  return torch::tensor({1.0, 0.0, 0.0, 0.0, 1.0, 0.0}, torch::kFloat64)
      .repeat({2, 1})
      .view({2, 1, 2, 3});
}

GlimpseOptions whole_image(SamplerRule rule) {
  return {.height = kHeight, .width = kWidth, .rule = rule};
}

TEST(AffineSampler, ReturnsTheImageForTheIdentity) {
  const torch::Tensor images = random_images();
  for (const SamplerRule rule : {SamplerRule::kBorder, SamplerRule::kZeros}) {
    const torch::Tensor crop = sample_affine(images, identity(), whole_image(rule));
    EXPECT_LT((crop - images).abs().max().item<double>(), 1e-12);
  }
}

TEST(AffineSampler, TakesXFirst) {
  torch::Tensor theta = identity();
  theta.select(2, 0).select(2, 2) = 2.0 / (kWidth - 1);  // tx: one pixel to the right
  const torch::Tensor images = random_images();
  const torch::Tensor crop = sample_affine(images, theta, whole_image(SamplerRule::kBorder));
  const torch::Tensor expected = images.slice(3, 1, kWidth);
  EXPECT_LT((crop.slice(3, 0, kWidth - 1) - expected).abs().max().item<double>(), 1e-12);
}

TEST(AffineSampler, ReadsTheEdgeOrBlackOutside) {
  torch::Tensor theta = identity();
  theta.select(2, 0).select(2, 2) = 4.0;  // wholly outside, to the right
  const torch::Tensor images = random_images();
  const torch::Tensor border = sample_affine(images, theta, whole_image(SamplerRule::kBorder));
  EXPECT_LT((border.select(3, 0) - images.select(3, kWidth - 1)).abs().max().item<double>(), 1e-12);
  const torch::Tensor zeros = sample_affine(images, theta, whole_image(SamplerRule::kZeros));
  EXPECT_EQ(zeros.abs().max().item<double>(), 0.0);
}

// The rule of 2015, written out pixel by pixel.
double lasagne2015_pixel(const torch::Tensor& image, double x, double y) {
  const double px = (x + 1) / 2 * kWidth;
  const double py = (y + 1) / 2 * kHeight;
  if (px < 0 || py < 0 || px >= kWidth - 1 || py >= kHeight - 1) {
    return 0;
  }
  const auto column = static_cast<std::int64_t>(px);
  const auto row = static_cast<std::int64_t>(py);
  const double right = px - static_cast<double>(column);
  const double down = py - static_cast<double>(row);
  const auto at = [&](std::int64_t r, std::int64_t c) { return image[r][c].item<double>(); };
  return (1 - down) * ((1 - right) * at(row, column) + right * at(row, column + 1)) +
         down * ((1 - right) * at(row + 1, column) + right * at(row + 1, column + 1));
}

TEST(AffineSampler, FollowsLasagneOf2015) {
  const torch::Tensor images = random_images();
  const torch::Tensor theta = torch::tensor({0.9, 0.2, 0.15, -0.1, 1.1, -0.2}, torch::kFloat64)
                                  .repeat({2, 1})
                                  .view({2, 1, 2, 3});
  constexpr std::int64_t kCrop = 12;
  const torch::Tensor crops = sample_affine(
      images, theta, {.height = kCrop, .width = kCrop, .rule = SamplerRule::kLasagne2015});
  int black = 0;
  for (std::int64_t row = 0; row < kCrop; ++row) {
    for (std::int64_t column = 0; column < kCrop; ++column) {
      const double xt = -1 + 2.0 * static_cast<double>(column) / (kCrop - 1);
      const double yt = -1 + 2.0 * static_cast<double>(row) / (kCrop - 1);
      const double expected =
          lasagne2015_pixel(images[1][0], 0.9 * xt + 0.2 * yt + 0.15, -0.1 * xt + 1.1 * yt - 0.2);
      EXPECT_NEAR(crops[1][0][row][column].item<double>(), expected, 1e-12);
      black += expected == 0 ? 1 : 0;
    }
  }
  EXPECT_GT(black, 0);  // the cut was exercised
  EXPECT_LT(black, kCrop * kCrop);
}

}  // namespace
}  // namespace glimpse::worker
