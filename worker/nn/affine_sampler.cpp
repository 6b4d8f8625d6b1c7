#include "worker/nn/affine_sampler.h"

#include <torch/torch.h>

namespace glimpse::worker {
namespace {

namespace F = torch::nn::functional;

// True where `grid` (N, S, S, 2; corners at +-1 fall on pixel centres, then scaled by the full
// width) points into [0, W-1) x [0, H-1), the only places the 2015 sampler reads.
torch::Tensor inside_lasagne2015(const torch::Tensor& grid, double height, double width) {
  const torch::Tensor x = (grid.select(3, 0) + 1) * (width / 2);
  const torch::Tensor y = (grid.select(3, 1) + 1) * (height / 2);
  return ((x >= 0) & (x < width - 1) & (y >= 0) & (y < height - 1)).unsqueeze(1);
}

torch::Tensor sample_lasagne2015(const torch::Tensor& images, const torch::Tensor& grid) {
  const auto height = static_cast<double>(images.size(2));
  const auto width = static_cast<double>(images.size(3));
  // Without aligned corners -1 is half a pixel before the first centre; half a pixel is 1/W.
  const torch::Tensor half_pixel = torch::tensor({1 / width, 1 / height}, grid.options());
  const auto options = F::GridSampleFuncOptions()
                           .mode(torch::kBilinear)
                           .padding_mode(torch::kZeros)
                           .align_corners(false);
  const torch::Tensor crops = F::grid_sample(images, grid + half_pixel, options);
  return crops * inside_lasagne2015(grid, height, width);
}

}  // namespace

torch::Tensor sample_affine(const torch::Tensor& images,
                            const torch::Tensor& theta,
                            std::int64_t side,
                            SamplerRule rule) {
  const torch::Tensor grid = F::affine_grid(theta.reshape({-1, 2, 3}),
                                            {images.size(0), images.size(1), side, side},
                                            /*align_corners=*/true);
  if (rule == SamplerRule::kLasagne2015) {
    return sample_lasagne2015(images, grid);
  }
  F::GridSampleFuncOptions options;
  options.mode(torch::kBilinear).align_corners(true);
  if (rule == SamplerRule::kBorder) {
    options.padding_mode(torch::kBorder);
  } else {
    options.padding_mode(torch::kZeros);
  }
  return F::grid_sample(images, grid, options);
}

}  // namespace glimpse::worker
