#include "worker/nn/affine_sampler.h"

#include <torch/torch.h>

namespace glimpse::worker {
namespace {

namespace F = torch::nn::functional;

// As LibTorch's kernel numbers them.
enum class Padding : std::int64_t { kZeros = 0, kBorder = 1 };

// That kernel on every device: grid_sample() would hand some rules to cuDNN on a GPU, whose
// arithmetic is another. Only a gradient of the images, which nobody asks for, would be summed in
// the order in which a GPU's threads happen to arrive.
torch::Tensor read_pixels(const torch::Tensor& images,
                          const torch::Tensor& grid,
                          Padding padding,
                          bool align_corners) {
  constexpr std::int64_t kBilinear = 0;
  return at::grid_sampler_2d(
      images, grid, kBilinear, static_cast<std::int64_t>(padding), align_corners);
}

// Where the glimpses read: (N, g * height, width, 2), x first, the glimpses of an image one below
// the other. The corners of the identity's grid lie on the centres of the image's corner pixels.
torch::Tensor grid_of(const torch::Tensor& theta, const GlimpseOptions& o) {
  const std::int64_t images = theta.size(0);
  const std::int64_t glimpses = theta.size(1);
  const torch::Tensor grid = F::affine_grid(theta.reshape({images * glimpses, 2, 3}),
                                            {images * glimpses, 1, o.height, o.width},
                                            /*align_corners=*/true);
  return grid.view({images, glimpses * o.height, o.width, 2});
}

// True where `grid`, scaled by the full width, points into [0, W-1) x [0, H-1), the only places
// that the sampler of 2015 reads.
torch::Tensor inside_lasagne2015(const torch::Tensor& grid, double height, double width) {
  const torch::Tensor x = (grid.select(3, 0) + 1) * (width / 2);
  const torch::Tensor y = (grid.select(3, 1) + 1) * (height / 2);
  return ((x >= 0) & (x < width - 1) & (y >= 0) & (y < height - 1)).unsqueeze(1);
}

torch::Tensor sample_lasagne2015(const torch::Tensor& images, const torch::Tensor& grid) {
  const auto height = static_cast<double>(images.size(2));
  const auto width = static_cast<double>(images.size(3));
  // Without aligned corners -1 is half a pixel before the first centre; half a pixel is 1/W.
  const torch::Tensor shifted =
      torch::stack({grid.select(3, 0) + 1 / width, grid.select(3, 1) + 1 / height}, 3);
  return read_pixels(images, shifted, Padding::kZeros, /*align_corners=*/false) *
         inside_lasagne2015(grid, height, width);
}

torch::Tensor sample(const torch::Tensor& images, const torch::Tensor& grid, SamplerRule rule) {
  if (rule == SamplerRule::kLasagne2015) {
    return sample_lasagne2015(images, grid);
  }
  const Padding padding = rule == SamplerRule::kBorder ? Padding::kBorder : Padding::kZeros;
  return read_pixels(images, grid, padding, /*align_corners=*/true);
}

}  // namespace

torch::Tensor sample_affine(const torch::Tensor& images,
                            const torch::Tensor& theta,
                            const GlimpseOptions& options) {
  const torch::Tensor column = sample(images, grid_of(theta, options), options.rule);
  return column.view({theta.size(0), theta.size(1), options.height, options.width});
}

}  // namespace glimpse::worker
