#include "launcher/dataset_builder.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <functional>
#include <vector>

#include <sched.h>
#include <unistd.h>

#include "experiments/hash/sha256.h"
#include "experiments/mnist_files.h"
#include "experiments/recipes/digit_set.h"
#include "experiments/recipes/parallel.h"
#include "experiments/recipes/sequence_recipe.h"
#include "experiments/recipes/split.h"
#include "experiments/study_error.h"
#include "launcher/as_output.h"
#include "launcher/cores.h"
#include "launcher/dataset_lock.h"
#include "launcher/dataset_store.h"
#include "launcher/isolated.h"
#include "launcher/plan_view.h"
#include "launcher/progress.h"
#include "launcher/results_folder.h"
#include "storage/files/file_io.h"
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
                 const std::function<void(std::uint32_t)>& advance) {
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
    advance(count);
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

// Asked before a file is tried, because people know the folder and not the hidden names in it.
void prepare_folder(const fs::path& folder) {
  as_output([&] {
    storage::make_folders(folder);
    if (access(folder.c_str(), W_OK | X_OK) != 0) {
      storage::throw_system_error("write into", folder, errno);
    }
  });
}

bool is_there(const fs::path& file) {
  std::error_code ignored;
  return fs::exists(file, ignored);
}

// The HDF5 library has crashed on damaged files before anything of ours saw them. The copy that
// reads the file shares our lock and dies with us; what it was writing is ours to take away.
void import_file(const std::string& file,
                 const std::string& text,
                 const Interruption& interruption,
                 const BuiltDataset& built) {
  try {
    run_isolated("import " + file, file, interruption, [&] {
      storage::import_dataset(file,
                              built.path,
                              {.recipe = "import",
                               .recipe_text = text,
                               .identity = built.identity,
                               .provenance = {{"source", fs::path(file).filename().string()}}});
    });
  } catch (const std::exception&) {
    remove_leftovers(built.path);
    throw;
  }
}

}  // namespace

fs::path dataset_path(const Settings& settings,
                      const DatasetSpec& spec,
                      const std::string& identity) {
  const std::string recipe = spec.file.empty() ? spec.recipe : "import";
  return results_folder(settings).dataset_file(recipe, identity.substr(0, 32));
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

void DatasetBuilder::write(const DatasetSpec& spec,
                           const std::string& text,
                           const Interruption& interruption,
                           BuiltDataset& built) {
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
      write_split(recipe, split, rules_.threads, writer, [&](std::uint32_t count) {
        progress.advance(count);
        interruption.check();
      });
    }
  }
  const double drawn_s = env_.now_s();
  writer.commit();
  built.build_s = drawn_s - start_s;
  built.commit_s = env_.now_s() - drawn_s;
}

// False where another build made the file while we waited for it.
bool DatasetBuilder::make(const DatasetSpec& spec, const std::string& text, BuiltDataset& built) {
  const Interruption interruption;
  prepare_folder(built.path.parent_path());
  const storage::FileLock lock = wait_for_dataset(built.path, interruption, env_.log);
  if (is_there(built.path)) {
    return false;
  }
  remove_leftovers(built.path);
  if (spec.file.empty()) {
    write(spec, text, interruption, built);
  } else {
    const double start_s = env_.now_s();
    import_file(spec.file, text, interruption, built);
    built.build_s = env_.now_s() - start_s;
  }
  return true;
}

BuiltDataset DatasetBuilder::build(const DatasetSpec& spec) {
  const std::string text = identity_text(spec);
  BuiltDataset built{.path = {}, .identity = experiments::hex(experiments::sha256(text))};
  built.path = dataset_path(env_.settings, spec, built.identity);
  built.was_there = is_there(built.path) || !make(spec, text, built);
  if (built.was_there) {
    check_dataset_identity(built.path, storage::verify_dataset(built.path), built.identity);
  }
  return built;
}

void build_datasets(const LoadedStudy& loaded, Env& env) {
  DatasetBuilder builder({.threads = available_cores()}, env);
  const experiments::Plan plan = plan_study(loaded, env.settings);
  for (const PlannedDataset& dataset : planned_datasets(loaded.study, plan, env.settings)) {
    builder.build(dataset.spec);
  }
}

}  // namespace glimpse::launcher
