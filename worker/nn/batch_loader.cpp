#include "worker/nn/batch_loader.h"

#include <cstring>

#include <torch/torch.h>

namespace glimpse::worker {
namespace {

void gather(std::span<const std::byte> from,
            std::span<const std::uint32_t> samples,
            const torch::Tensor& to) {
  auto* target = static_cast<std::byte*>(to.data_ptr());
  const auto bytes = static_cast<std::size_t>(to.numel() / to.size(0));
  for (const std::uint32_t sample : samples) {
    std::memcpy(target, from.subspan(sample * bytes, bytes).data(), bytes);
    target += bytes;
  }
}

}  // namespace

BatchLoader::BatchLoader(const experiments::ImageShape& shape, const torch::TensorOptions& options)
    : shape_(shape), options_(options) {}

void BatchLoader::make_room(std::int64_t images) {
  if (images_.defined() && images_.size(0) >= images) {
    return;
  }
  host_images_ = torch::empty({images, 1, shape_.height, shape_.width}, torch::kUInt8);
  host_labels_ = torch::empty({images, shape_.digits}, torch::kUInt8);
  images_ = torch::empty_like(host_images_, options_);
  labels_ = torch::empty_like(host_labels_, options_.dtype(torch::kInt64));
}

Batch BatchLoader::load(const storage::SplitData& split, std::span<const std::uint32_t> samples) {
  const auto count = static_cast<std::int64_t>(samples.size());
  make_room(count);
  const auto part = [count](const torch::Tensor& whole) { return whole.narrow(0, 0, count); };
  gather(split.images, samples, part(host_images_));
  gather(split.labels, samples, part(host_labels_));
  return {.images = part(images_).copy_(part(host_images_)).div_(255),
          .labels = part(labels_).copy_(part(host_labels_))};
}

}  // namespace glimpse::worker
