#pragma once

// Checkpoints: tensors of a training run with the facts that say where they belong. A file is
// checked against the hash in its name, whole, before any tensor of it is handed out; it appears
// under that name whole or not at all. Functions without state; any thread.

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "storage/safetensors/checkpoint_name.h"
#include "storage/safetensors/tensor_file.h"

namespace glimpse::storage {

// Lies in the file's metadata, as text.
struct CheckpointFacts {
  std::string key;  // of the trial
  std::uint64_t attempt = 0;
  std::uint64_t step = 0;
  std::uint64_t epoch = 0;
  // Whatever else resuming needs (best epoch, position in the epoch), as the writer spells it.
  std::map<std::string, std::string> counters;
};

struct Checkpoint {
  CheckpointName name;
  CheckpointFacts facts;
  TensorFile file;
};

struct CheckpointPath {
  CheckpointName name;
  std::filesystem::path path;
};

struct UnusableCheckpoint {
  std::filesystem::path path;
  std::string why;
};

struct CheckpointSearch {
  std::optional<Checkpoint> newest;
  std::vector<UnusableCheckpoint> unusable;  // newer ones that were passed over
};

// Returns the path; the folder must exist. Durable when it returns.
std::filesystem::path write_checkpoint(const std::filesystem::path& folder,
                                       const CheckpointFacts& facts,
                                       std::span<const TensorView> tensors);

// Throws StorageError: kDamaged when the content is not what the name says, kForeign for a file
// that is whole but no checkpoint of this program.
[[nodiscard]] Checkpoint open_checkpoint(const std::filesystem::path& path);

// By name alone, newest first; a folder that is missing holds none.
[[nodiscard]] std::vector<CheckpointPath> list_checkpoints(const std::filesystem::path& folder);

// The newest valid checkpoint over several folders (the attempts of a trial). Every newer one that
// cannot be used is named with its reason.
[[nodiscard]] CheckpointSearch find_newest_checkpoint(
    std::span<const std::filesystem::path> folders);

}  // namespace glimpse::storage
