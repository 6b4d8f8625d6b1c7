#include "tests/storage/hdf5/dataset_samples.h"

#include <algorithm>

#include "storage/files/xxh3.h"
#include "storage/hdf5/dataset_writer.h"

namespace glimpse::tests {

using storage::DatasetInfo;

DatasetInfo sample_info() {
  DatasetInfo info;
  info.recipe = "cluttered-sequences";
  info.recipe_text = R"({"recipe":"cluttered-sequences","seed":1234})";
  info.identity = std::string(32, 'a') + std::string(32, '5');
  info.generator_version = 3;
  info.height = 24;
  info.width = 32;
  info.labels_per_image = 2;
  info.splits[0].count = 40;
  info.splits[1].count = 12;
  info.splits[2].count = 9;
  info.provenance = {{"licence", "CC BY-SA 3.0"}, {"note", ""}, {"source", "Prüfdaten"}};
  return info;
}

std::vector<std::uint8_t> sample_images(const DatasetInfo& info, std::size_t split) {
  std::vector<std::uint8_t> images(info.splits[split].count * info.image_bytes());
  for (std::size_t i = 0; i < images.size(); ++i) {
    images[i] = static_cast<std::uint8_t>(i * 7 + i / 768 + split * 31 + 1);
  }
  return images;
}

std::vector<std::uint8_t> sample_labels(const DatasetInfo& info, std::size_t split) {
  std::vector<std::uint8_t> labels(info.splits[split].count * info.labels_per_image);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    labels[i] = static_cast<std::uint8_t>((i * 3 + split + 1) % 10);
  }
  return labels;
}

DatasetInfo write_sample(const std::filesystem::path& path, std::uint64_t piece) {
  const DatasetInfo info = sample_info();
  storage::DatasetWriter writer(path, info);
  for (std::size_t split = 0; split < 3; ++split) {
    const auto images = sample_images(info, split);
    const auto labels = sample_labels(info, split);
    for (std::uint64_t first = 0; first < info.splits[split].count; first += piece) {
      const std::uint64_t count = std::min(piece, info.splits[split].count - first);
      writer.append(
          split,
          std::span(images).subspan(first * info.image_bytes(), count * info.image_bytes()),
          std::span(labels).subspan(first * info.labels_per_image, count * info.labels_per_image));
    }
  }
  return writer.commit();
}

std::string read_everything(const std::filesystem::path& path) {
  const storage::DatasetReader reader(path);
  const DatasetInfo& info = reader.info();
  std::string text = info.recipe + "\n" + info.recipe_text + "\n" + info.identity + "\n" +
                     std::to_string(info.generator_version) + " " + std::to_string(info.height) +
                     " " + std::to_string(info.width) + " " +
                     std::to_string(info.labels_per_image) + "\n";
  for (const auto& [name, value] : info.provenance) {
    text += name + "=" + value + "\n";
  }
  for (std::size_t split = 0; split < 3; ++split) {
    const storage::SplitData data = reader.load(split);
    text += std::to_string(data.count) + " ";
    text += storage::render_hash(info.splits[split].images_xxh3) + " " +
            storage::render_hash(info.splits[split].labels_xxh3) + "\n";
    text.append(reinterpret_cast<const char*>(data.images.data()), data.images.size());
    text.append(reinterpret_cast<const char*>(data.labels.data()), data.labels.size());
  }
  return text;
}

}  // namespace glimpse::tests
