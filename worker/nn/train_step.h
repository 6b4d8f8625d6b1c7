#pragma once

// One step of training as an object: samples in, weights moved, sums grown. Its batches have one
// size and its buffers stay where they are, so that the whole of it can be replaced by something
// faster without the trainer's knowledge. Holds on to parts that the engine owns and evaluates
// with, too. One thread.

#include <cstdint>
#include <functional>
#include <span>

#include "storage/hdf5/dataset_reader.h"
#include "worker/engine.h"
#include "worker/nn/batch_loader.h"
#include "worker/nn/device_totals.h"
#include "worker/nn/dropout.h"
#include "worker/nn/flat_parameters.h"
#include "worker/nn/model.h"
#include "worker/nn/optimizer.h"

namespace glimpse::worker {

// All outlive the step. The optimiser moves the parameters, which are the model's.
struct StepParts {
  Model& model;
  const FlatParameters& parameters;
  Optimizer& optimizer;
  BatchLoader& loader;
};

class TrainStep {
 public:
  TrainStep(const StepParts& parts, std::uint64_t seed, double loss_epsilon);

  void set_rates(const StepRates& rates);
  // Never waits for the device.
  void run(const storage::SplitData& split, std::span<const std::uint32_t> samples);
  // Waits for it behind every phase and says so.
  void run_in_phases(const storage::SplitData& split,
                     std::span<const std::uint32_t> samples,
                     const std::function<void(StepPhase)>& done);

  [[nodiscard]] TrainTotals totals() const;  // since set_totals(); waits
  void set_totals(const TrainTotals& totals);

 private:
  template <typename Done>
  void run_phases(const storage::SplitData& split,
                  std::span<const std::uint32_t> samples,
                  const Done& done);

  StepParts parts_;
  std::uint64_t seed_;
  double loss_epsilon_;
  Dropout dropout_;
  StepRates rates_;
  DeviceTotals outputs_;
  std::uint64_t steps_ = 0;
};

}  // namespace glimpse::worker
