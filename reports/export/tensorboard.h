#pragma once

// A study as event files that TensorBoard reads, and what others have converters for: a folder per
// run, named by its id, with its curves, its crops as pictures and a row of the HParams table. The
// seeds of a configuration are one group there.

#include <cstddef>
#include <filesystem>

#include "reports/reading/study_reader.h"
#include "storage/files/run_folder.h"

namespace glimpse::reports {

// Of the runs that were started; gives their number.
std::size_t export_tensorboard(const StudyReader& reader,
                               const StudyFacts& study,
                               const storage::ResultsFolder& results,
                               const std::filesystem::path& folder);

}  // namespace glimpse::reports
