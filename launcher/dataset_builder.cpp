#include "launcher/dataset_builder.h"

#include <algorithm>
#include <array>
#include <vector>

#include <sched.h>

#include "experiments/hash/sha256.h"
#include "experiments/mnist_files.h"
#include "experiments/recipes/digit_set.h"
#include "experiments/recipes/parallel.h"
#include "experiments/recipes/sequence_recipe.h"
#include "experiments/recipes/split.h"
#include "experiments/study_error.h"
#include "launcher/as_output.h"
#include "launcher/dataset_store.h"
#include "launcher/isolated.h"
#include "launcher/progress.h"
#include "storage/files/file_io.h"
#include "storage/files/run_folder.h"
#include "storage/hdf5/dataset_import.h"
#include "storage/hdf5/dataset_info.h"
#include "storage/hdf5/dataset_reader.h"
#include "storage/hdf5/dataset_writer.h"
#include "storage/storage_error.h"

namespace glimpse::launcher {
namespace {

namespace fs = std::filesystem;

using experiments::DatasetSpec;
using experiments::DigitSet;
using experiments::DigitSourceKind;
using experiments::SequenceRecipe;
using experiments::Split;
using storage::DatasetInfo;
using storage::DatasetWriter;
using storage::StorageError;
using storage::StorageFault;

// Big enough to keep all threads busy, small enough to stay in the cache of a server.
constexpr std::uint32_t kBlockImages = 1024;

DatasetInfo info_of(const SequenceRecipe& recipe, const std::string& text) {
  const DatasetSpec& spec = recipe.spec();
  DatasetInfo info{.recipe = spec.recipe,
                   .recipe_text = text,
                   .identity = experiments::hex(experiments::sha256(text)),
                   .generator_version = experiments::kGeneratorVersion,
                   .height = static_cast<std::uint64_t>(spec.height),
                   .width = static_cast<std::uint64_t>(spec.width),
                   .labels_per_image = recipe.labels_per_image()};
  for (const Split split : experiments::kSplits) {
    info.splits.at(experiments::split_index(split)).count = recipe.count(split);
  }
  const bool is_mnist = spec.source == DigitSourceKind::kMnist;
  info.provenance["source"] = is_mnist ? "MNIST" : "built-in digits";
  if (is_mnist) {
    info.provenance["licence"] = "CC BY-SA 3.0";  // as Keras gives it for MNIST
  }
  return info;
}

void write_split(const SequenceRecipe& recipe,
                 Split split,
                 int threads,
                 DatasetWriter& writer,
                 Progress& progress) {
  std::vector<std::uint8_t> images(kBlockImages * recipe.image_bytes());
  std::vector<std::uint8_t> labels(kBlockImages * recipe.labels_per_image());
  const std::size_t image_bytes = recipe.image_bytes();
  const std::size_t label_bytes = recipe.labels_per_image();
  for (std::uint32_t first = 0; first < recipe.count(split); first += kBlockImages) {
    const std::uint32_t count = std::min(kBlockImages, recipe.count(split) - first);
    experiments::run_in_parallel(count, threads, [&](std::size_t begin, std::size_t end) {
      recipe.render(split,
                    first + static_cast<std::uint32_t>(begin),
                    static_cast<std::uint32_t>(end - begin),
                    std::span(images).subspan(begin * image_bytes, (end - begin) * image_bytes),
                    std::span(labels).subspan(begin * label_bytes, (end - begin) * label_bytes));
    });
    writer.append(experiments::split_index(split),
                  std::span(images).first(count * image_bytes),
                  std::span(labels).first(count * label_bytes));
    progress.advance(count);
  }
}

experiments::MnistFiles parse_mnist(const MnistContent& content) {
  std::array<std::string, 4> names;
  for (std::size_t i = 0; i < names.size(); ++i) {
    names.at(i) = experiments::kMnistFiles.at(i).name;
  }
  try {
    return {experiments::parse_idx_images(content.bytes[0], names[0]),
            experiments::parse_idx_labels(content.bytes[1], names[1]),
            experiments::parse_idx_images(content.bytes[2], names[2]),
            experiments::parse_idx_labels(content.bytes[3], names[3])};
  } catch (const experiments::StudyError& error) {
    throw StorageError(StorageFault::kForeign, "MNIST", std::string("read MNIST: ") + error.what());
  }
}

}  // namespace

int available_cores() {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  return sched_getaffinity(0, sizeof cores, &cores) == 0 ? std::max(1, CPU_COUNT(&cores)) : 1;
}

fs::path dataset_path(const Settings& settings,
                      const DatasetSpec& spec,
                      const std::string& identity) {
  const std::string recipe = spec.file.empty() ? spec.recipe : "import";
  return storage::ResultsFolder(settings.results_dir())
      .dataset_file(recipe, identity.substr(0, 32));
}

const MnistContent& DatasetBuilder::mnist() {
  if (!mnist_) {
    mnist_ = load_mnist(find_mnist_or_throw(env_), rules_.allows_unverified, env_.log);
  }
  return *mnist_;
}

// A drop-in for MNIST gives other pixels, so it must not get the name of the real thing.
std::string DatasetBuilder::identity_text(const DatasetSpec& spec) {
  std::string text = experiments::dataset_identity_text(spec, sha256_of_file);
  if (!spec.file.empty() || spec.source != DigitSourceKind::kMnist || !rules_.allows_unverified) {
    return text;
  }
  for (std::size_t i = 0; i < experiments::kMnistFiles.size(); ++i) {
    const std::string_view official = experiments::kMnistFiles.at(i).sha256;
    text.replace(text.find(official), official.size(), mnist().sha256.at(i));
  }
  return text;
}

std::shared_ptr<const DigitSet> DatasetBuilder::make_digits(const DatasetSpec& spec) {
  if (spec.source == DigitSourceKind::kBuiltin) {
    return std::make_shared<DigitSet>(
        experiments::make_builtin_digits(spec.digit_side, rules_.threads));
  }
  return std::make_shared<DigitSet>(
      experiments::make_mnist_digits(parse_mnist(mnist()), spec.digit_side, rules_.threads));
}

void DatasetBuilder::write(const DatasetSpec& spec, const std::string& text, BuiltDataset& built) {
  const double start_s = env_.now_s();
  const SequenceRecipe recipe(spec, make_digits(spec));
  DatasetWriter writer =
      as_output([&] { return DatasetWriter(built.path, info_of(recipe, text)); });
  {
    Progress progress(env_,
                      "building " + built.path.filename().string(),
                      "images",
                      std::uint64_t{recipe.count(Split::kTrain)} + recipe.count(Split::kValid) +
                          recipe.count(Split::kTest));
    for (const Split split : experiments::kSplits) {
      write_split(recipe, split, rules_.threads, writer, progress);
    }
  }
  const double drawn_s = env_.now_s();
  writer.commit();
  built.build_s = drawn_s - start_s;
  built.commit_s = env_.now_s() - drawn_s;
}

BuiltDataset DatasetBuilder::build(const DatasetSpec& spec) {
  const std::string text = identity_text(spec);
  BuiltDataset built{.path = {}, .identity = experiments::hex(experiments::sha256(text))};
  built.path = dataset_path(env_.settings, spec, built.identity);
  if (fs::exists(built.path)) {
    storage::verify_dataset(built.path);
    built.was_there = true;
    return built;
  }
  as_output([&] { storage::make_folders(built.path.parent_path()); });
  if (!spec.file.empty()) {
    const double start_s = env_.now_s();
    // The HDF5 library has crashed on damaged files before anything of ours saw them.
    run_isolated("import " + spec.file, spec.file, [&] {
      storage::import_dataset(
          spec.file,
          built.path,
          {.recipe = "import",
           .recipe_text = text,
           .identity = built.identity,
           .provenance = {{"source", fs::path(spec.file).filename().string()}}});
    });
    built.build_s = env_.now_s() - start_s;
  } else {
    write(spec, text, built);
  }
  return built;
}

}  // namespace glimpse::launcher
