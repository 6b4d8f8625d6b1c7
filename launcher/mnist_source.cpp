#include "launcher/mnist_source.h"

#include <algorithm>

#include "experiments/hash/sha256.h"
#include "experiments/mnist_files.h"
#include "experiments/recipes/idx.h"
#include "experiments/study_error.h"
#include "storage/storage_error.h"
#include "storage/zlib/gunzip.h"

namespace glimpse::launcher {
namespace {

namespace fs = std::filesystem;

using experiments::kMnistFiles;
using storage::StorageError;
using storage::StorageFault;

std::optional<fs::path> find_file(const fs::path& folder, std::string_view name) {
  for (const char* const ending : {"", ".gz"}) {
    const fs::path file = folder / (std::string(name) + ending);
    std::error_code ignored;
    if (fs::is_regular_file(file, ignored)) {
      return file;
    }
  }
  return std::nullopt;
}

// "; train-labels-idx1-ubyte is missing in ./mnist" for each place that has some of the four.
std::string missing_in(const std::vector<fs::path>& places) {
  std::string text;
  for (const fs::path& place : places) {
    std::string missing;
    std::size_t count = 0;
    for (const experiments::MnistFile& file : kMnistFiles) {
      if (!find_file(place, file.name)) {
        missing += (count++ == 0 ? "; " : ", ") + std::string(file.name);
      }
    }
    if (count > 0 && count < kMnistFiles.size()) {
      text += missing + (count == 1 ? " is" : " are") + " missing in " + place.string();
    }
  }
  return text;
}

std::optional<MnistFolder> find_in(const fs::path& folder) {
  MnistFolder found{.folder = folder, .files = {}};
  for (std::size_t i = 0; i < kMnistFiles.size(); ++i) {
    const auto file = find_file(folder, kMnistFiles[i].name);
    if (!file) {
      return std::nullopt;
    }
    found.files.at(i) = *file;
  }
  return found;
}

// What cannot be read as IDX is foreign data; that it is no study is beside the point here.
std::vector<std::byte> load_file(const fs::path& file, std::size_t which) {
  const bool is_images = kMnistFiles.at(which).name.find("images") != std::string_view::npos;
  try {
    return storage::load_unpacked(
        file, experiments::kIdxHeaderBytes, [&](std::span<const std::byte> head) {
          return is_images ? experiments::idx_images_length(head, file.string())
                           : experiments::idx_labels_length(head, file.string());
        });
  } catch (const experiments::StudyError& error) {
    throw StorageError(StorageFault::kForeign, file, std::string("read MNIST: ") + error.what());
  }
}

std::string sha256_hex(const std::vector<std::byte>& bytes) {
  experiments::Sha256 hash;
  hash.update(bytes);
  return experiments::hex(hash.finish());
}

}  // namespace

std::vector<fs::path> mnist_places(const Settings& settings, const Environment& environment) {
  std::vector<fs::path> places;
  for (const std::string& named : {settings.data_dir.value, environment.data_dir}) {
    if (!named.empty() && std::find(places.begin(), places.end(), named) == places.end()) {
      places.emplace_back(named);
    }
  }
  places.push_back(cache_dir(environment) / "mnist");
  places.emplace_back("./data/MNIST/raw");
  places.emplace_back("./MNIST/raw");
  return places;
}

std::optional<MnistFolder> find_mnist(const std::vector<fs::path>& places) {
  for (const fs::path& place : places) {
    if (auto found = find_in(place)) {
      return found;
    }
  }
  return std::nullopt;
}

MnistFolder find_mnist_or_throw(const Env& env) {
  const std::vector<fs::path> places = mnist_places(env.settings, env.environment);
  if (auto found = find_mnist(places)) {
    env.log.debug("MNIST in " + found->folder.string());
    return *found;
  }
  std::string searched;
  for (const fs::path& place : places) {
    searched += (searched.empty() ? "" : ", ") + place.string();
  }
  throw StorageError(StorageFault::kMissing,
                     places.front(),
                     "find MNIST: not in " + searched + missing_in(places) +
                         " (run 'glimpse dataset fetch', give --data-dir, or use source=builtin)");
}

std::optional<std::string> mnist_problem(const fs::path& file,
                                         std::size_t which,
                                         const std::string& sha256) {
  if (sha256 == kMnistFiles.at(which).sha256) {
    return std::nullopt;
  }
  return "check " + file.string() + ": the unpacked SHA-256 is " + sha256 + ", MNIST's is " +
         std::string(kMnistFiles.at(which).sha256);
}

std::string mnist_sha256(const fs::path& file, std::size_t which) {
  return sha256_hex(load_file(file, which));
}

MnistContent load_mnist(const MnistFolder& folder, bool allows_unverified, Log& log) {
  MnistContent content;
  for (std::size_t i = 0; i < kMnistFiles.size(); ++i) {
    const fs::path& file = folder.files.at(i);
    content.bytes.at(i) = load_file(file, i);
    content.sha256.at(i) = sha256_hex(content.bytes.at(i));
    const auto problem = mnist_problem(file, i, content.sha256.at(i));
    if (problem && !allows_unverified) {
      throw StorageError(
          StorageFault::kForeign, file, *problem + " (--allow-unverified takes it all the same)");
    }
    if (problem) {
      log.warn(*problem + "; taken all the same");
      content.is_genuine = false;
    }
  }
  return content;
}

}  // namespace glimpse::launcher
