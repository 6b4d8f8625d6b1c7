#pragma once

// The text of a study as a results folder keeps it: under its hash, so that an edited study never
// takes the place of the one that ran.

#include <string>

#include "launcher/study_source.h"
#include "storage/files/run_folder.h"

namespace glimpse::launcher {

// Stores the text unless it is there already; gives the hash in its name. Durable when it returns.
std::string store_study_text(const LoadedStudy& loaded, const storage::ResultsFolder& folder);

}  // namespace glimpse::launcher
