// How fast the full dataset of cluttered sequences is made and loaded, on one core, beside what the
// machine can do at best: plain writes of as many bytes, and a plain copy of them.
//
//   dataset_bench [FOLDER] [MNIST-FOLDER]
//
// Targets: 80,000 images of 100x100 generated and written in 5 s (flushing to disk apart); the
// training split loaded warm, its hash verified, in 0.3 s.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <fcntl.h>

#include "experiments/dataset_spec.h"
#include "experiments/recipes/digit_set.h"
#include "experiments/recipes/idx.h"
#include "experiments/recipes/sequence_recipe.h"
#include "storage/files/file_io.h"
#include "storage/files/xxh3.h"
#include "storage/hdf5/dataset_reader.h"
#include "storage/hdf5/dataset_writer.h"
#include "storage/zlib/gunzip.h"
#include "tests/support/temp_dir.h"

namespace glimpse {
namespace {

namespace fs = std::filesystem;
using experiments::DatasetSpec;
using experiments::DigitSet;
using experiments::SequenceRecipe;

constexpr std::uint32_t kBatch = 64;  // 640 KB of images stay in a core's cache
constexpr int kRepeats = 5;

double measure(const std::string& what, const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  std::printf("%-58s %8.3f s\n", what.c_str(), took.count());
  return took.count();
}

double measure_best(const std::string& what, const std::function<void()>& work) {
  double best = 1e9;
  for (int i = 0; i < kRepeats; ++i) {
    const auto start = std::chrono::steady_clock::now();
    work();
    best = std::min(
        best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  std::printf("%-58s %8.3f s (best of %d)\n", what.c_str(), best, kRepeats);
  return best;
}

std::vector<std::byte> load_idx(const fs::path& folder, const std::string& name) {
  const bool is_images = name.find("images") != std::string::npos;
  return storage::load_unpacked(
      folder / (name + ".gz"), experiments::kIdxHeaderBytes, [&](std::span<const std::byte> head) {
        return is_images ? experiments::idx_images_length(head, name)
                         : experiments::idx_labels_length(head, name);
      });
}

DigitSet load_digits(const fs::path& mnist) {
  if (mnist.empty()) {
    return experiments::make_builtin_digits(28, 1);
  }
  const auto train_images = load_idx(mnist, "train-images-idx3-ubyte");
  const auto train_labels = load_idx(mnist, "train-labels-idx1-ubyte");
  const auto test_images = load_idx(mnist, "t10k-images-idx3-ubyte");
  const auto test_labels = load_idx(mnist, "t10k-labels-idx1-ubyte");
  return experiments::make_mnist_digits(
      {.train_images = experiments::parse_idx_images(train_images, "train images"),
       .train_labels = experiments::parse_idx_labels(train_labels, "train labels"),
       .test_images = experiments::parse_idx_images(test_images, "test images"),
       .test_labels = experiments::parse_idx_labels(test_labels, "test labels")},
      28,
      1);
}

storage::DatasetInfo describe(const DatasetSpec& spec) {
  storage::DatasetInfo info;
  info.recipe = spec.recipe;
  info.identity = std::string(64, '0');
  info.height = static_cast<std::uint64_t>(spec.height);
  info.width = static_cast<std::uint64_t>(spec.width);
  info.labels_per_image = static_cast<std::uint64_t>(spec.digits);
  info.splits[0].count = static_cast<std::uint64_t>(spec.train);
  info.splits[1].count = static_cast<std::uint64_t>(spec.valid);
  info.splits[2].count = static_cast<std::uint64_t>(spec.test);
  return info;
}

using Sink = std::function<void(
    std::size_t split, std::span<const std::uint8_t> images, std::span<const std::uint8_t> labels)>;

void generate(const SequenceRecipe& recipe, const Sink& sink) {
  std::vector<std::uint8_t> images(kBatch * recipe.image_bytes());
  std::vector<std::uint8_t> labels(kBatch * recipe.labels_per_image());
  for (const experiments::Split split : experiments::kSplits) {
    for (std::uint32_t first = 0; first < recipe.count(split); first += kBatch) {
      const std::uint32_t count = std::min(kBatch, recipe.count(split) - first);
      const auto batch_images = std::span(images).first(count * recipe.image_bytes());
      const auto batch_labels = std::span(labels).first(count * recipe.labels_per_image());
      recipe.render(split, first, count, batch_images, batch_labels);
      sink(experiments::split_index(split), batch_images, batch_labels);
    }
  }
}

void write_plainly(const fs::path& path, std::size_t bytes) {
  const std::vector<std::byte> piece(640'000, std::byte{1});
  const auto file = storage::open_file(path, O_WRONLY | O_CREAT | O_TRUNC);
  for (std::size_t done = 0; done < bytes; done += piece.size()) {
    storage::write_all(file, piece, path);
  }
}

void run(const fs::path& folder, const fs::path& mnist) {
  std::shared_ptr<DigitSet> digits;
  double making = measure(mnist.empty() ? "built-in digits drawn" : "MNIST unpacked and parsed",
                          [&] { digits = std::make_shared<DigitSet>(load_digits(mnist)); });
  const DatasetSpec spec;
  const SequenceRecipe recipe(spec, digits);
  measure("  80,000 images generated alone", [&] { generate(recipe, [](auto, auto, auto) {}); });
  measure("  plain writes of 800 MB", [&] { write_plainly(folder / "plain", 800'000'000); });
  fs::remove(folder / "plain");

  storage::DatasetWriter writer(folder / "data.h5", describe(spec));
  making += measure("80,000 images generated, hashed and written", [&] {
    generate(recipe,
             [&](auto split, auto images, auto labels) { writer.append(split, images, labels); });
  });
  measure("flushed to disk and named", [&] { writer.commit(); });
  std::printf("%-58s %8.3f s (target 5)\n\n", "made in all, without flushing", making);

  std::vector<std::byte> copy(600'000'000);
  const storage::DatasetReader reader(folder / "data.h5");
  const auto images = reader.load(0, storage::HashCheck::kSkip).images;
  measure_best("  training images copied out of the map",
               [&] { std::memcpy(copy.data(), images.data(), images.size()); });
  volatile std::uint64_t hash = 0;
  measure_best("  training images hashed in memory", [&] { hash = storage::xxh3(copy); });
  measure_best("training split opened, mapped and verified (target 0.3)", [&] {
    const storage::DatasetReader warm(folder / "data.h5");
    hash = warm.load(0).count;
  });
}

}  // namespace
}  // namespace glimpse

int main(int argc, char** argv) {
  try {
    const glimpse::tests::TempDir temporary;
    const std::filesystem::path folder = argc > 1 ? argv[1] : temporary.path();
    glimpse::run(folder, argc > 2 ? argv[2] : "");
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
