#pragma once

// Studies of commands in a results folder, planned as `glimpse run` plans them and filled without
// running anything.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "launcher/settings.h"
#include "storage/sqlite/results_store.h"

namespace glimpse::tests {

// The study of this file with its text; gives its trials in the order of the plan.
std::vector<storage::TrialId> store_study(const std::string& file,
                                          const launcher::Settings& settings,
                                          storage::ResultsStore& store);

// By the trial's place in the plan, from 0, and the epoch, from 1.
using LossOf = std::function<double(std::size_t run, std::int64_t epoch)>;

// Each trial gets one attempt, which completes all epochs with the metric "loss".
void complete_trials(const std::vector<storage::TrialId>& trials,
                     std::int64_t epochs,
                     const LossOf& loss_of,
                     storage::ResultsStore& store);

}  // namespace glimpse::tests
