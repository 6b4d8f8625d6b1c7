#pragma once

// The real MNIST files, unpacked and parsed, for tests that are registered only when they are
// found.

#include <filesystem>
#include <string>
#include <vector>

#include "experiments/recipes/digit_set.h"
#include "experiments/recipes/idx.h"
#include "storage/zlib/gunzip.h"

namespace glimpse::tests {

struct MnistBytes {
  std::vector<std::byte> train_images;
  std::vector<std::byte> train_labels;
  std::vector<std::byte> test_images;
  std::vector<std::byte> test_labels;
};

inline std::vector<std::byte> load_mnist_file(const std::string& name, bool is_images) {
  const std::string plain = std::string(GLIMPSE_MNIST_DIR "/") + name;
  const std::string path = std::filesystem::exists(plain) ? plain : plain + ".gz";
  return storage::load_unpacked(
      path, experiments::kIdxHeaderBytes, [&](std::span<const std::byte> head) {
        return is_images ? experiments::idx_images_length(head, path)
                         : experiments::idx_labels_length(head, path);
      });
}

inline MnistBytes load_mnist() {
  return {.train_images = load_mnist_file("train-images-idx3-ubyte", true),
          .train_labels = load_mnist_file("train-labels-idx1-ubyte", false),
          .test_images = load_mnist_file("t10k-images-idx3-ubyte", true),
          .test_labels = load_mnist_file("t10k-labels-idx1-ubyte", false)};
}

inline experiments::DigitSet make_real_digits(const MnistBytes& bytes, int side) {
  using namespace experiments;
  using experiments::parse_idx_images;
  using experiments::parse_idx_labels;
  return experiments::make_mnist_digits(
      {.train_images = parse_idx_images(bytes.train_images, "train"),
       .train_labels = parse_idx_labels(bytes.train_labels, "train"),
       .test_images = parse_idx_images(bytes.test_images, "test"),
       .test_labels = parse_idx_labels(bytes.test_labels, "test")},
      side,
      2);
}

}  // namespace glimpse::tests
