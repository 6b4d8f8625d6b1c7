#pragma once

// What trained networks saw, run by run: RUN_ID.h5 is the run's crops.h5 (storage/hdf5/README.md
// tells what is in it). A file per run, so that none grows with the study.

#include <cstddef>
#include <filesystem>

#include "reports/reading/study_reader.h"
#include "storage/files/run_folder.h"

namespace glimpse::reports {

// Gives the number of files. Each is checked before it is copied; throws StorageError for one that
// is damaged.
std::size_t export_crops(const storage::ResultsFolder& results,
                         const StudyFacts& study,
                         const std::filesystem::path& folder);

}  // namespace glimpse::reports
