#pragma once

// runs.csv has a row per run and a column per parameter, metrics.csv a row per run, epoch and
// metric. Both as RFC 4180 has it, with numbers that read back as they were; a value that is not
// there, or was no finite number, is an empty field. A text that a spreadsheet would run gets an
// apostrophe.

#include <filesystem>

#include "reports/reading/study_reader.h"

namespace glimpse::reports {

void export_csv(const StudyReader& reader,
                const StudyFacts& study,
                const std::filesystem::path& folder);

}  // namespace glimpse::reports
