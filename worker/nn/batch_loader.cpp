#include "worker/nn/batch_loader.h"

#include <cstring>

#include <torch/torch.h>

namespace glimpse::worker {
namespace {

// The bytes of these samples, on the device and in the shape of `like`.
torch::Tensor bring(std::span<const std::byte> from,
                    std::span<const std::uint32_t> samples,
                    const torch::Tensor& like,
                    HostBuffer& buffer) {
  const torch::Tensor host = buffer.take(like.numel(), torch::kUInt8, like.device());
  auto* target = static_cast<std::byte*>(host.data_ptr());
  const auto bytes = static_cast<std::size_t>(like.numel()) / samples.size();
  for (const std::uint32_t sample : samples) {
    std::memcpy(target, from.subspan(sample * bytes, bytes).data(), bytes);
    target += bytes;
  }
  return host.view(like.sizes()).to(like.device(), /*non_blocking=*/true);
}

}  // namespace

BatchLoader::BatchLoader(const experiments::ImageShape& shape, const torch::TensorOptions& options)
    : shape_(shape), options_(options) {}

void BatchLoader::make_room(std::int64_t images) {
  if (images_.defined() && images_.size(0) >= images) {
    return;
  }
  images_ = torch::empty({images, 1, shape_.height, shape_.width}, options_);
  labels_ = torch::empty({images, shape_.digits}, options_.dtype(torch::kInt64));
}

Batch BatchLoader::load(const storage::SplitData& split, std::span<const std::uint32_t> samples) {
  const auto count = static_cast<std::int64_t>(samples.size());
  make_room(count);
  const torch::Tensor images = images_.narrow(0, 0, count);
  const torch::Tensor labels = labels_.narrow(0, 0, count);
  return {.images = images.copy_(bring(split.images, samples, images, host_images_)).div_(255),
          .labels = labels.copy_(bring(split.labels, samples, labels, host_labels_))};
}

}  // namespace glimpse::worker
