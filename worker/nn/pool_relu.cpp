#include "worker/nn/pool_relu.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <type_traits>
#include <vector>

#include <ATen/Dispatch.h>
#include <ATen/Parallel.h>
#include <torch/torch.h>

namespace glimpse::worker {
namespace {

constexpr auto kChannelsLast = torch::MemoryFormat::ChannelsLast;

// Which of a window's four pixels, row by row, an output is; or that the rectifier let none pass.
using Place = std::uint8_t;
constexpr Place kNone = 4;

// Of x, channels last.
struct Geometry {
  std::int64_t channels = 0;
  std::int64_t height = 0;
  std::int64_t width = 0;

  [[nodiscard]] std::int64_t row() const { return width * channels; }
  [[nodiscard]] std::int64_t image() const { return height * row(); }
  [[nodiscard]] std::int64_t output_row() const { return width / 2 * channels; }
  [[nodiscard]] std::int64_t output_image() const { return height / 2 * output_row(); }
};

// What comes next, about two rows on, is on its way while this is worked on; a processor by itself
// looks no further than the end of a page. An address behind the end does no harm.
template <typename Real>
void fetch_ahead(Real* window, std::int64_t elements) {
  constexpr std::int64_t kAheadBytes = 8192;
  constexpr std::int64_t kLineBytes = 64;
  const auto* const first = reinterpret_cast<const char*>(window) + kAheadBytes;
  const auto bytes = elements * static_cast<std::int64_t>(sizeof(Real));
  for (std::int64_t byte = 0; byte < bytes; byte += kLineBytes) {
    __builtin_prefetch(first + byte, /*for writing=*/std::is_const_v<Real> ? 0 : 1);
  }
}

// One window, all channels. `top` and the row below it hold two pixels each.
template <typename Real>
void pool_window(const Real* __restrict top,
                 const Real* __restrict bottom,
                 std::int64_t channels,
                 Real* __restrict out,
                 Place* __restrict places) {
  for (std::int64_t c = 0; c < channels; ++c) {
    const Real pixels[] = {top[c], top[channels + c], bottom[c], bottom[channels + c]};
    Real most = pixels[0];
    Place place = 0;
    for (Place i = 1; i < kNone; ++i) {
      // No && here: a branch would keep the compiler from doing several channels at once.
      const bool is_more =
          static_cast<int>(pixels[i] > most) | static_cast<int>(pixels[i] != pixels[i]);
      most = is_more ? pixels[i] : most;
      place = is_more ? i : place;
    }
    out[c] = most < 0 ? Real{0} : most;
    places[c] = most <= 0 ? kNone : place;
  }
}

template <typename Real>
void spread_window(const Real* __restrict gradient,
                   const Place* __restrict places,
                   std::int64_t channels,
                   Real* __restrict top,
                   Real* __restrict bottom) {
  for (std::int64_t c = 0; c < channels; ++c) {
    const Real value = gradient[c];
    const Place place = places[c];
    top[c] = place == 0 ? value : Real{0};
    top[channels + c] = place == 1 ? value : Real{0};
    bottom[c] = place == 2 ? value : Real{0};
    bottom[channels + c] = place == 3 ? value : Real{0};
  }
}

template <typename Real>
void pool_image(const Geometry& g, const Real* x, Real* out, Place* places) {
  for (std::int64_t row = 0; row < g.height / 2; ++row) {
    for (std::int64_t column = 0; column < g.width / 2; ++column) {
      const Real* const top = x + 2 * row * g.row() + 2 * column * g.channels;
      const std::int64_t to = row * g.output_row() + column * g.channels;
      fetch_ahead(top, 2 * g.channels);
      fetch_ahead(top + g.row(), 2 * g.channels);
      pool_window(top, top + g.row(), g.channels, out + to, places + to);
    }
  }
}

// Writes every element, also of an odd last row and column.
template <typename Real>
void spread_image(const Geometry& g, const Real* gradient, const Place* places, Real* x) {
  for (std::int64_t row = 0; row < g.height / 2; ++row) {
    Real* const top = x + 2 * row * g.row();
    for (std::int64_t column = 0; column < g.width / 2; ++column) {
      const std::int64_t from = row * g.output_row() + column * g.channels;
      Real* const window = top + 2 * column * g.channels;
      fetch_ahead(window, 2 * g.channels);
      fetch_ahead(window + g.row(), 2 * g.channels);
      spread_window(gradient + from, places + from, g.channels, window, window + g.row());
    }
    for (Real* const end : {top + g.row(), top + 2 * g.row()}) {
      std::fill(end - g.width % 2 * g.channels, end, Real{0});
    }
  }
  std::fill(x + g.height / 2 * 2 * g.row(), x + g.image(), Real{0});
}

void for_each_image(std::int64_t images, const std::function<void(std::int64_t)>& work) {
  at::parallel_for(0, images, /*grain_size=*/1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t image = begin; image < end; ++image) {
      work(image);
    }
  });
}

torch::Tensor empty_channels_last(at::IntArrayRef sizes, const torch::TensorOptions& options) {
  return torch::empty(sizes, options.memory_format(kChannelsLast));
}

class PoolRelu : public torch::autograd::Function<PoolRelu> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& x) {
    const Geometry g{.channels = x.size(1), .height = x.size(2), .width = x.size(3)};
    const torch::Tensor from = x.contiguous(kChannelsLast);
    const std::vector<std::int64_t> sizes = {x.size(0), g.channels, g.height / 2, g.width / 2};
    torch::Tensor out = empty_channels_last(sizes, x.options());
    const torch::Tensor places = empty_channels_last(sizes, x.options().dtype(torch::kUInt8));
    AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "pool_relu", [&] {
      for_each_image(x.size(0), [&](std::int64_t image) {
        pool_image(g,
                   from.const_data_ptr<scalar_t>() + image * g.image(),
                   out.mutable_data_ptr<scalar_t>() + image * g.output_image(),
                   places.mutable_data_ptr<Place>() + image * g.output_image());
      });
    });
    context->saved_data["height"] = g.height;
    context->saved_data["width"] = g.width;
    context->save_for_backward({places});
    return out;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& gradients) {
    const torch::Tensor places = context->get_saved_variables().front();
    const Geometry g{.channels = places.size(1),
                     .height = context->saved_data["height"].toInt(),
                     .width = context->saved_data["width"].toInt()};
    const torch::Tensor from = gradients.front().contiguous(kChannelsLast);
    torch::Tensor to =
        empty_channels_last({places.size(0), g.channels, g.height, g.width}, from.options());
    AT_DISPATCH_FLOATING_TYPES(from.scalar_type(), "pool_relu", [&] {
      for_each_image(places.size(0), [&](std::int64_t image) {
        spread_image(g,
                     from.const_data_ptr<scalar_t>() + image * g.output_image(),
                     places.const_data_ptr<Place>() + image * g.output_image(),
                     to.mutable_data_ptr<scalar_t>() + image * g.image());
      });
    });
    return {to};
  }
};

}  // namespace

torch::Tensor pool_relu(const torch::Tensor& x) {
  return x.is_cpu() ? PoolRelu::apply(x)
                    : torch::max_pool2d(x, /*kernel_size=*/2, /*stride=*/2).relu_();
}

}  // namespace glimpse::worker
