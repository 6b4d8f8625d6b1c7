#pragma once

// What computes: a network with its weights, optimiser and data, driven batch by batch by the
// Trainer. Everything that decides (epochs, rates, when to stop) is the trainer's; everything that
// holds tensors is behind this interface, so that the trainer is tested without any. One thread at
// a time. Work is only queued: a call waits for the device where it says so.

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/recipes/split.h"
#include "storage/safetensors/tensor_file.h"

namespace glimpse::worker {

// Sums over images, so that batches of any size add up.
struct Totals {
  std::uint64_t images = 0;
  std::uint64_t digits = 0;
  std::uint64_t wrong_digits = 0;
  std::uint64_t wrong_sequences = 0;  // images with a digit wrong
  double loss = 0;                    // over digits; not finite once any batch's was not

  bool operator==(const Totals&) const = default;
};

struct TrainTotals {
  Totals outputs;  // of the batches as they were trained on, with dropout, before each update
  std::uint64_t steps = 0;
  std::uint64_t clipped = 0;  // elements of gradients that the elementwise limit cut
  double gradient_norm = 0;   // summed over steps, after that cut

  bool operator==(const TrainTotals&) const = default;
};

struct StepRates {
  int epoch = 1;  // names the dropout's random numbers
  double learning_rate = 0;
  double dropout = 0;
};

// The parts of a step, in their order. An update limits the gradient, too.
enum class StepPhase { kLoad, kForward, kBackward, kSums, kUpdate };
inline constexpr std::array kStepPhases = {StepPhase::kLoad,
                                           StepPhase::kForward,
                                           StepPhase::kBackward,
                                           StepPhase::kSums,
                                           StepPhase::kUpdate};

enum class Weights { kCurrent, kBest };

// As files and people say it: those after the last step, or after the best epoch.
constexpr std::string_view weights_name(Weights weights) {
  return weights == Weights::kBest ? "best" : "last";
}

// What the network made of images, one after another. A network without glimpses has none of what
// follows the predictions.
struct Looks {
  std::vector<std::uint8_t> predictions;  // images x digits
  std::uint64_t glimpses = 0;             // per image
  std::uint64_t crop_height = 0;
  std::uint64_t crop_width = 0;
  std::vector<float> theta;         // images x glimpses x 2 x 3, x first
  std::vector<std::uint8_t> crops;  // images x glimpses x crop_height x crop_width, grey levels
};

// A tensor that owns its bytes, in logical order.
struct SavedTensor {
  [[nodiscard]] storage::TensorView view() const;

  std::string name;
  storage::TensorType type = storage::TensorType::kF32;
  std::vector<std::int64_t> shape;
  std::vector<std::byte> bytes;
};

class Engine {
 public:
  Engine() = default;
  virtual ~Engine() = default;
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  Engine(Engine&&) = delete;
  Engine& operator=(Engine&&) = delete;

  virtual void set_rates(const StepRates& rates) = 0;
  virtual void train_step(std::span<const std::uint32_t> samples) = 0;
  // The same step, which says so behind each phase once the device is done with it. For measuring.
  virtual void train_step_in_phases(std::span<const std::uint32_t> samples,
                                    const std::function<void(StepPhase)>& done) = 0;
  // Of the steps since set_train_totals(). Waits.
  [[nodiscard]] virtual TrainTotals train_totals() = 0;
  virtual void set_train_totals(const TrainTotals& totals) = 0;

  // Images first..first+count of a split, without dropout, with the weights in use.
  virtual void evaluate(experiments::Split split, std::uint64_t first, std::uint64_t count) = 0;
  // The same, counts included, of any images of a split; says what the network made of them. Waits.
  [[nodiscard]] virtual Looks look(experiments::Split split,
                                   std::span<const std::uint32_t> samples) = 0;
  // Of the batches since the last call. Waits.
  [[nodiscard]] virtual Totals take_evaluation() = 0;
  // For evaluation; training is only done on the current ones. Throws std::invalid_argument for the
  // best while none have been kept.
  virtual void use(Weights weights) = 0;

  // The current weights are the best so far.
  virtual void keep_best() = 0;
  // Everything that training needs to go on, and the best weights. Waits.
  [[nodiscard]] virtual std::vector<SavedTensor> save() = 0;
  // Throws StorageError naming the tensor that is missing or of another shape; then nothing has
  // changed.
  virtual void restore(const storage::TensorFile& file) = 0;

  // XXH3 of the current weights in logical order. Waits.
  [[nodiscard]] virtual std::uint64_t weights_hash() = 0;
  [[nodiscard]] virtual std::uint64_t parameters() const = 0;  // trained ones
  // Bytes of the device that were held at once, at most; see device.h for since when.
  [[nodiscard]] virtual std::uint64_t peak_memory() const = 0;
};

}  // namespace glimpse::worker
