#pragma once

// The results folder that the settings name, looked at once before anything is done with it: what a
// verb finds in the way is then one line that names the setting, and the same in every verb.

#include "launcher/settings.h"
#include "storage/files/run_folder.h"

namespace glimpse::launcher {

// There, or not there yet. Throws StudyError for what cannot be one: something else has its name,
// or nobody lets us look into it.
storage::ResultsFolder results_folder(const Settings& settings);

// Throws StorageError (kMissing) where it is not there.
storage::ResultsFolder existing_results_folder(const Settings& settings);

}  // namespace glimpse::launcher
