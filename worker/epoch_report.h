#pragma once

// What is known of an epoch once it is over, and how a checkpoint carries it. A checkpoint holds
// the reports of all epochs before it, because one that was told may still be lost (its reader can
// die with a record in its hands) while the checkpoint that leaves it behind is on disk. Whoever
// goes on from there tells all of them again; values that are told twice are equal.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "storage/safetensors/tensor_file.h"
#include "worker/engine.h"

namespace glimpse::worker {

using NamedValues = std::vector<std::pair<std::string, double>>;

struct EpochReport {
  int epoch = 0;
  NamedValues metrics;  // the same on every machine of a kind
  NamedValues timings;  // differ from run to run
  std::uint64_t weights_hash = 0;
};

// Without timings. The epochs are 1, 2, ..., and all have the same metrics.
std::vector<SavedTensor> save_reports(const std::vector<EpochReport>& reports);
// Throws std::invalid_argument where the file does not hold those of exactly so many epochs.
std::vector<EpochReport> load_reports(const storage::TensorFile& file, int epochs);

}  // namespace glimpse::worker
