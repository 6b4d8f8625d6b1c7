#pragma once

// What is wrong with the trial.json of a run: its key is the hash of what it says, and the database
// says the same. Pure.

#include <string>
#include <vector>

#include "experiments/json/trial_json.h"
#include "storage/sqlite/run_rows.h"

namespace glimpse::launcher {

// The key that the values of this trial have; "" for a training of another version of its model's
// code, whose parameters may have been others.
std::string key_of_values(const experiments::TrialFile& trial);

// One line for each fault. `rows` may be null: then the file is judged by itself.
std::vector<std::string> find_trial_faults(const experiments::TrialFile& trial,
                                           const std::string& run_id,
                                           const storage::RunRows* rows);

}  // namespace glimpse::launcher
