#include "storage/safetensors/checkpoint.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <string_view>
#include <system_error>

#include "storage/files/xxh3.h"

namespace glimpse::storage {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFormatKey = "glimpse";
constexpr std::string_view kFormat = "checkpoint-1";
constexpr std::string_view kCounterPrefix = "counter.";

[[noreturn]] void refuse(StorageFault fault, const fs::path& path, const std::string& why) {
  throw StorageError(fault, path, "open checkpoint " + path.string() + ": " + why);
}

TensorMetadata make_metadata(const CheckpointFacts& facts) {
  TensorMetadata metadata{
      {std::string(kFormatKey), std::string(kFormat)},
      {"key", facts.key},
      {"attempt", std::to_string(facts.attempt)},
      {"step", std::to_string(facts.step)},
      {"epoch", std::to_string(facts.epoch)},
  };
  for (const auto& [name, value] : facts.counters) {
    metadata.emplace(std::string(kCounterPrefix) + name, value);
  }
  return metadata;
}

const std::string& text_fact(const TensorMetadata& metadata,
                             std::string_view name,
                             const fs::path& path) {
  const auto found = metadata.find(std::string(name));
  if (found == metadata.end()) {
    refuse(StorageFault::kForeign, path, "its metadata lack '" + std::string(name) + "'");
  }
  return found->second;
}

std::uint64_t number_fact(const TensorMetadata& metadata,
                          std::string_view name,
                          const fs::path& path) {
  const std::string& text = text_fact(metadata, name, path);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) {
    refuse(StorageFault::kForeign, path, "its '" + std::string(name) + "' is not a number");
  }
  return number;
}

CheckpointFacts parse_facts(const TensorMetadata& metadata, const fs::path& path) {
  if (text_fact(metadata, kFormatKey, path) != kFormat) {
    refuse(StorageFault::kForeign, path, "written by a version that this program does not know");
  }
  CheckpointFacts facts{
      .key = text_fact(metadata, "key", path),
      .attempt = number_fact(metadata, "attempt", path),
      .step = number_fact(metadata, "step", path),
      .epoch = number_fact(metadata, "epoch", path),
      .counters = {},
  };
  for (const auto& [name, value] : metadata) {
    if (name.starts_with(kCounterPrefix)) {
      facts.counters.emplace(name.substr(kCounterPrefix.size()), value);
    }
  }
  return facts;
}

// Newest first; of one step the one with the greater hash, so that the order is always the same.
void sort_newest_first(std::vector<CheckpointPath>& checkpoints) {
  std::ranges::stable_sort(checkpoints, std::greater<>(), &CheckpointPath::name);
}

}  // namespace

fs::path write_checkpoint(const fs::path& folder,
                          const CheckpointFacts& facts,
                          std::span<const TensorView> tensors) {
  const bool is_first = list_checkpoints(folder).empty();
  AtomicFile file(folder / "step.safetensors");
  const std::uint64_t hash = write_tensors(file, tensors, make_metadata(facts));
  file.commit_as(folder / render_checkpoint_name({.step = facts.step, .hash = hash}));
  if (is_first) {
    // Folders of runs are made without a flush, since one that holds nothing may be lost.
    sync_folders_above(folder);
  }
  return file.path();
}

Checkpoint open_checkpoint(const fs::path& path) {
  const auto name = try_parse_checkpoint_name(path.filename().string());
  if (!name) {
    refuse(StorageFault::kForeign, path, "not the name of a checkpoint");
  }
  // Read, not mapped: a bad sector is then an error to report and no signal.
  if (hash_file(path) != name->hash) {
    refuse(StorageFault::kDamaged, path, "the content does not match the hash in its name");
  }
  TensorFile file(path);
  CheckpointFacts facts = parse_facts(file.metadata(), path);
  if (facts.step != name->step) {
    refuse(StorageFault::kDamaged, path, "taken at step " + std::to_string(facts.step));
  }
  return {*name, std::move(facts), std::move(file)};
}

std::vector<CheckpointPath> list_checkpoints(const fs::path& folder) {
  std::vector<CheckpointPath> found;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (const auto name = try_parse_checkpoint_name(entry->path().filename().string())) {
      found.push_back({*name, entry->path()});
    }
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    throw_system_error("list", folder, error.value());
  }
  sort_newest_first(found);
  return found;
}

CheckpointSearch find_newest_checkpoint(std::span<const fs::path> folders) {
  std::vector<CheckpointPath> all;
  for (const fs::path& folder : folders) {
    const auto found = list_checkpoints(folder);
    all.insert(all.end(), found.begin(), found.end());
  }
  sort_newest_first(all);
  CheckpointSearch search;
  for (const CheckpointPath& checkpoint : all) {
    try {
      search.newest.emplace(open_checkpoint(checkpoint.path));
      break;
    } catch (const StorageError& error) {
      search.unusable.push_back({checkpoint.path, error.what()});
    }
  }
  return search;
}

}  // namespace glimpse::storage
