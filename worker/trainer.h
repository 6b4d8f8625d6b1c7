#pragma once

// Trains one attempt to its end: epochs of steps, validation after each, a checkpoint when one is
// due, the test at the end. Decides everything that is not arithmetic; the arithmetic is the
// Engine's, the outside world the TrainerPorts'. One thread. A trainer that starts from a saved
// Position goes on bit for bit, wherever that was: between steps, before or in an evaluation, or
// behind the last epoch.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "worker/engine.h"
#include "worker/epoch_report.h"
#include "worker/position.h"
#include "worker/recipe.h"

namespace glimpse::worker {

enum class Phase { kTrain, kValid, kTrainError, kTest };
std::string_view phase_name(Phase phase);

enum class Request { kGoOn, kCheckpoint, kStop };

// What a trainer may ask of and tell the world. All are called on its thread, between batches.
struct TrainerPorts {
  std::function<double()> now_s;
  std::function<Request()> poll;
  std::function<void(Phase phase, std::uint64_t step)> progress;
  std::function<void(const EpochReport&)> epoch_done;
  // Takes the tensors over and returns at once, unless an earlier one is still being written.
  std::function<void(const Position&, std::vector<SavedTensor>)> save;
};

struct TrainerOptions {
  Recipe recipe;
  std::uint64_t seed = 1;
  std::uint64_t train_images = 0;
  std::uint64_t valid_images = 0;
  std::uint64_t test_images = 0;
  double checkpoint_every_s = 300;
};

enum class Ending { kCompleted, kDiverged, kStopped };

struct TrainingResult {
  Ending ending = Ending::kCompleted;
  int epochs = 0;       // completed
  int best_epoch = 0;   // on validation; 0: none was completed
  NamedValues metrics;  // of kCompleted: test errors of the best weights and the last
};

class Trainer {
 public:
  // Throws std::invalid_argument for a batch that is larger than the training set.
  Trainer(const TrainerOptions& options, Engine& engine, TrainerPorts ports);

  // From a saved position with the reports of the epochs before it, which are told again first.
  TrainingResult run(const Position& position = {}, std::vector<EpochReport> reports = {});

 private:
  [[nodiscard]] bool has_ended() const;
  std::optional<Ending> train_epoch(NamedValues& timings);
  std::optional<Ending> finish_epoch(EpochReport report);
  void take_metrics(const Totals& valid, const std::optional<Totals>& train, EpochReport& report);
  void begin_next_epoch(EpochReport report);
  Ending test(NamedValues& metrics);
  // Nothing when a stop was asked for.
  std::optional<Totals> evaluate(experiments::Split split, std::uint64_t images, Phase phase);
  bool has_diverged();
  // True when the run must stop; writes the checkpoint that is asked for or due.
  bool attend();
  void save();

  TrainerOptions options_;
  Engine& engine_;
  TrainerPorts ports_;
  Position position_;
  std::vector<EpochReport> reports_;  // of all epochs that are over
  double saved_s_ = 0;                // when the last checkpoint was taken
};

}  // namespace glimpse::worker
