#pragma once

// What changes from epoch to epoch, as pure functions of the epoch: learning rate, dropout, when to
// stop, and the order of the samples. Epochs count from 1, as everywhere; the released code counts
// from 0. Nothing is remembered, so a run that is taken up in the middle goes on as if it had never
// been put down.

#include <cstdint>
#include <vector>

#include "worker/recipe.h"

namespace glimpse::worker {

// Of the training in this epoch.
double learning_rate(const Recipe& recipe, int epoch);

// Grows from 0 to the full rate over the warm-up: 0, p/5, 2p/5, ... for a warm-up of 5.
double dropout_rate(const Recipe& recipe, int epoch);

// True once `early_stop` epochs in a row, up to this one, brought no strict gain over the best.
bool stops_early(const Recipe& recipe, int best_epoch, int epoch);

// Every sample once, in an order that only seed and epoch decide.
std::vector<std::uint32_t> sample_order(std::uint64_t seed, int epoch, std::uint32_t samples);

}  // namespace glimpse::worker
