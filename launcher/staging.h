#pragma once

// Copies of datasets on a disk of this node, for trials that would else read them over a network.
// All processes of a host share one copy of each: one of them makes it and the others wait, and
// trials map it read-only, so its pages are in memory once. A copy is used after every hash in it
// was checked. Where none can be made, trials read the original.

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "launcher/interruption.h"
#include "launcher/log/log.h"

namespace glimpse::launcher {

// What to read in place of what.
using StagedDatasets = std::map<std::string, std::string>;

// The copy in `folder`; the dataset itself, after one line of warning, where there is none. Throws
// Interrupted while it waits for another process.
std::filesystem::path stage_dataset(const std::filesystem::path& dataset,
                                    const std::filesystem::path& folder,
                                    const Interruption& interruption,
                                    Log& log);

StagedDatasets stage_datasets(const std::vector<std::filesystem::path>& datasets,
                              const std::filesystem::path& folder,
                              const Interruption& interruption,
                              Log& log);

}  // namespace glimpse::launcher
