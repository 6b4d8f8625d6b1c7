#pragma once

#include <filesystem>
#include <optional>

#include "reports/reading/study_reader.h"
#include "storage/files/run_folder.h"

namespace glimpse::reports {

// Where the crops of a run lie: nothing where no attempt has finished, or its folder has none, as
// those of programs that are not ours, and of results whose database alone was copied.
std::optional<std::filesystem::path> find_crops(const storage::ResultsFolder& results,
                                                const RunFacts& run);

}  // namespace glimpse::reports
