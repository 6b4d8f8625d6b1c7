#pragma once

// Finds the four MNIST files on this machine and makes sure that they are MNIST. Never downloads.

#include <array>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "launcher/env.h"

namespace glimpse::launcher {

// In the order of experiments::kMnistFiles.
struct MnistFolder {
  std::filesystem::path folder;
  std::array<std::filesystem::path, 4> files;
};

struct MnistContent {
  std::array<std::vector<std::byte>, 4> bytes;  // unpacked
  std::array<std::string, 4> sha256;            // of those, in hex
  bool is_genuine = true;                       // false for an admitted drop-in
};

// Where to look, in this order: --data-dir, GLIMPSE_DATA_DIR, the cache, torchvision's places.
std::vector<std::filesystem::path> mnist_places(const Settings& settings,
                                                const Environment& environment);

// The first place that has all four, plain or .gz.
std::optional<MnistFolder> find_mnist(const std::vector<std::filesystem::path>& places);
// Throws StorageError (kMissing) that names the places and the command that fetches.
MnistFolder find_mnist_or_throw(const Env& env);

// "train-images-idx3-ubyte.gz: ..." where a file is not MNIST's; nothing where it is.
std::optional<std::string> mnist_problem(const std::filesystem::path& file,
                                         std::size_t which,
                                         const std::string& sha256);

// Of the unpacked bytes. Throws StorageError where the file cannot be an MNIST file at all.
std::string mnist_sha256(const std::filesystem::path& file, std::size_t which);

// Throws StorageError (kForeign) for files whose unpacked SHA-256 is not MNIST's, unless they are
// admitted. `log` hears of admitted ones.
MnistContent load_mnist(const MnistFolder& folder, bool allows_unverified, Log& log);

}  // namespace glimpse::launcher
