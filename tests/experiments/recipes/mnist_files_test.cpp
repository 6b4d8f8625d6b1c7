#include "experiments/mnist_files.h"

#include <cmath>

#include <gtest/gtest.h>

#include "experiments/hash/sha256.h"
#include "tests/experiments/recipes/mnist_samples.h"

namespace glimpse::experiments {
namespace {

TEST(MnistFiles, UnpackToTheirPublishedHashes) {
  for (const MnistFile& file : kMnistFiles) {
    const bool is_images = file.name.find("images") != std::string_view::npos;
    const auto bytes = tests::load_mnist_file(std::string(file.name), is_images);
    EXPECT_EQ(bytes.size(), file.bytes);
    Sha256 hash;
    hash.update(bytes);
    EXPECT_EQ(hex(hash.finish()), file.sha256);
  }
}

TEST(MnistFiles, HaveTheKnownMeanAndSpread) {
  const auto bytes = tests::load_mnist_file("train-images-idx3-ubyte", true);
  const IdxImages images = parse_idx_images(bytes, "train");
  double sum = 0;
  double squares = 0;
  std::size_t inked = 0;
  for (const std::uint8_t pixel : images.pixels) {
    const double value = pixel / 255.0;
    sum += value;
    squares += value * value;
    inked += pixel > 0 ? 1 : 0;
  }
  const auto count = static_cast<double>(images.pixels.size());
  EXPECT_NEAR(sum / count, 0.1307, 0.00005);
  EXPECT_NEAR(std::sqrt(squares / count - sum * sum / count / count), 0.3081, 0.00005);
  EXPECT_NEAR(static_cast<double>(inked) / images.count, 149.9, 0.05);
}

}  // namespace
}  // namespace glimpse::experiments
