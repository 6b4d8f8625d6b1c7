#include "worker/nn/dropout.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/variable.h>
#include <torch/torch.h>

#include "experiments/philox.h"

namespace glimpse::worker {
namespace {

using experiments::Purpose;
using experiments::RandomStream;

bool is_channels_last(const torch::Tensor& x) {
  return x.suggest_memory_format() == torch::MemoryFormat::ChannelsLast;
}

// A mask in pieces of one glimpse, each of which is one piece of memory too, in either layout.
struct Pieces {
  std::size_t per_image = 0;
  std::size_t elements = 0;  // of one
  std::size_t channels = 0;
  bool channels_last = false;
};

Pieces pieces_of(const torch::Tensor& mask, std::size_t images) {
  const auto count = static_cast<std::size_t>(mask.size(0));
  return {.per_image = count / images,
          .elements = static_cast<std::size_t>(mask.numel()) / count,
          .channels = static_cast<std::size_t>(mask.size(1)),
          .channels_last = is_channels_last(mask)};
}

// Turns numbers into mask elements.
template <typename Real>
class Keep {
 public:
  explicit Keep(double rate)
      // Whole numbers compare as the rate does with the fractions of 2^32 that they stand for.
      : threshold_(static_cast<std::uint32_t>(std::min(std::ceil(rate * 0x1p32), 0x1p32 - 1))),
        kept_(static_cast<Real>(1 / (1 - rate))) {}

  Real operator()(std::uint32_t number) const { return number >= threshold_ ? kept_ : Real{0}; }

 private:
  std::uint32_t threshold_;
  Real kept_;
};

// Numbers come plane after plane; channels last, their elements lie pixel after pixel. `keep` is a
// copy, because the compiler has to expect that what it refers to changes with every element.
template <typename Real>
void write_piece(std::span<const std::uint32_t> numbers,
                 const Pieces& pieces,
                 Keep<Real> keep,
                 Real* out) {
  if (!pieces.channels_last) {
    std::transform(numbers.begin(), numbers.end(), out, keep);
    return;
  }
  const std::size_t channels = pieces.channels;
  const std::size_t pixels = pieces.elements / channels;
  for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
    for (std::size_t channel = 0; channel < channels; ++channel) {
      *out++ = keep(numbers[channel * pixels + pixel]);
    }
  }
}

// Says what x must be for dropout to know its images.
void check_input(const torch::Tensor& x, std::int64_t images) {
  const bool is_real = x.scalar_type() == torch::kFloat32 || x.scalar_type() == torch::kFloat64;
  if (!is_real || x.dim() != 4 || x.numel() == 0 || images == 0 || x.size(0) % images != 0) {
    throw std::invalid_argument("drop units of " + std::to_string(images) +
                                " images: a tensor of " + std::to_string(x.dim()) +
                                " dimensions and " + std::to_string(x.dim() == 0 ? 0 : x.size(0)) +
                                " rows of type " + x.toString() + " does not hold them");
  }
}

}  // namespace

void Dropout::begin_batch(std::uint64_t seed,
                          std::uint32_t epoch,
                          std::span<const std::uint32_t> samples,
                          double rate) {
  const bool is_rate = rate >= 0 && rate < 1;
  if (!is_rate) {
    throw std::invalid_argument("dropout rate " + std::to_string(rate) + " is not in [0, 1)");
  }
  seed_ = seed;
  epoch_ = epoch;
  samples_.assign(samples.begin(), samples.end());
  rate_ = rate;
  position_ = 0;
  site_ = 0;
}

torch::Tensor Dropout::apply(const torch::Tensor& x) {
  if (rate_ == 0) {
    return x;
  }
  const auto images = static_cast<std::int64_t>(samples_.size());
  check_input(x, images);
  const torch::Tensor mask = empty_mask(x);
  if (x.scalar_type() == torch::kFloat64) {
    fill<double>(mask);
  } else {
    fill<float>(mask);
  }
  // A graph may still hold the mask of the batch before: its backward pass must fail, not be wrong.
  torch::autograd::impl::bump_version(mask);
  position_ += static_cast<std::uint64_t>(x.numel() / images);
  ++site_;
  return x * mask.to(x.device(), /*non_blocking=*/true);
}

torch::Tensor Dropout::empty_mask(const torch::Tensor& x) {
  if (site_ == buffers_.size()) {
    buffers_.emplace_back();
  }
  const torch::Tensor memory = buffers_[site_].take(x.numel(), x.scalar_type(), x.device());
  if (is_channels_last(x)) {
    return memory.view({x.size(0), x.size(2), x.size(3), x.size(1)}).permute({0, 3, 1, 2});
  }
  return memory.view(x.sizes());
}

template <typename Real>
void Dropout::fill(const torch::Tensor& mask) {
  const Pieces pieces = pieces_of(mask, samples_.size());
  const Keep<Real> keep(rate_);
  Real* const out = mask.mutable_data_ptr<Real>();
  numbers_.resize(pieces.elements * static_cast<std::size_t>(at::get_num_threads()));
  at::parallel_for(0, mask.size(0), /*grain_size=*/1, [&](std::int64_t begin, std::int64_t end) {
    const auto row = static_cast<std::size_t>(at::get_thread_num()) * pieces.elements;
    const std::span<std::uint32_t> numbers(&numbers_[row], pieces.elements);
    for (auto piece = static_cast<std::size_t>(begin); piece < static_cast<std::size_t>(end);
         ++piece) {
      RandomStream stream(seed_, Purpose::kDropout, epoch_, samples_[piece / pieces.per_image]);
      stream.skip(position_ + piece % pieces.per_image * pieces.elements);
      stream.fill(numbers);
      write_piece<Real>(numbers, pieces, keep, out + piece * pieces.elements);
    }
  });
}

}  // namespace glimpse::worker
