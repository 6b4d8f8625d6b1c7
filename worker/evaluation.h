#pragma once

// How well a network reads a split: errors with counts and intervals, loss, and which digit was
// taken for which. Pure functions but evaluate(), which is for the engine's thread.

#include <array>
#include <cstdint>
#include <string>

#include "experiments/recipes/split.h"
#include "storage/hdf5/dataset_reader.h"
#include "worker/engine.h"

namespace glimpse::worker {

// Counts of digits: the true one by row, what the network said by column.
using Confusion =
    std::array<std::array<std::uint64_t, storage::kDatasetClasses>, storage::kDatasetClasses>;

struct Evaluation {
  Totals totals;
  Confusion confusion = {};
};

// In batches as large as those of training, so that the numbers are those that training recorded.
Evaluation evaluate(Engine& engine,
                    experiments::Split split,
                    const storage::SplitData& data,
                    std::uint64_t batch);

// An error in percent with its 95 % interval after Wilson.
struct ErrorRate {
  std::uint64_t wrong = 0;
  std::uint64_t all = 0;
  double percent = 0;
  double low = 0;
  double high = 0;
};
ErrorRate error_rate(std::uint64_t wrong, std::uint64_t all);

// What was evaluated, for the head of a report.
struct EvaluationSubject {
  std::string checkpoint;
  std::string key;
  std::uint64_t step = 0;
  int best_epoch = 0;
  int epoch = 0;  // completed ones
  std::string weights;
  std::string split;
};

std::string render_evaluation(const EvaluationSubject& subject, const Evaluation& evaluation);
std::string render_evaluation_json(const EvaluationSubject& subject, const Evaluation& evaluation);

}  // namespace glimpse::worker
