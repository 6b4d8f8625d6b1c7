#pragma once

// What trained networks saw, run by run: RUN_ID.h5 is the run's crops.h5 (storage/hdf5/README.md
// tells what is in it). A file per run, so that none grows with the study.

#include <cstddef>
#include <filesystem>
#include <optional>

#include "reports/export/study_reader.h"
#include "storage/files/run_folder.h"

namespace glimpse::reports {

// Where the crops of a run lie: nothing where no attempt has finished, or its folder has none, as
// those of programs that are not ours, and of results whose database alone was copied.
std::optional<std::filesystem::path> find_crops(const storage::ResultsFolder& results,
                                                const RunFacts& run);

// Gives the number of files. Each is checked before it is copied; throws StorageError for one that
// is damaged.
std::size_t export_crops(const storage::ResultsFolder& results,
                         const StudyFacts& study,
                         const std::filesystem::path& folder);

}  // namespace glimpse::reports
