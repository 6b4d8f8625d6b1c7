#pragma once

// An engine without tensors: its weights are one number that every step stirs, so that a step too
// many, too few or in another order gives another number.

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "worker/engine.h"

namespace glimpse::worker {

class FakeEngine final : public Engine {
 public:
  void set_rates(const StepRates& rates) override { rates_ = rates; }

  void train_step(std::span<const std::uint32_t> samples) override {
    for (const std::uint32_t sample : samples) {
      stir(current_, sample);
    }
    stir(current_, std::bit_cast<std::uint64_t>(rates_.learning_rate));
    stir(current_, std::bit_cast<std::uint64_t>(rates_.dropout));
    ++totals_.steps;
    totals_.outputs.images += samples.size();
    totals_.outputs.digits += samples.size();
    totals_.outputs.wrong_digits += current_ % (samples.size() + 1);
    totals_.outputs.loss += static_cast<double>(current_ % 1000) / 999;
    if (totals_.steps == diverges_at_step) {
      totals_.outputs.loss = std::numeric_limits<double>::quiet_NaN();
    }
    ++steps_done;
  }

  void train_step_in_phases(std::span<const std::uint32_t> samples,
                            const std::function<void(StepPhase)>& done) override {
    train_step(samples);
    for (const StepPhase phase : kStepPhases) {
      done(phase);
    }
  }

  TrainTotals train_totals() override { return totals_; }
  void set_train_totals(const TrainTotals& totals) override { totals_ = totals; }

  void evaluate(experiments::Split split, std::uint64_t first, std::uint64_t count) override {
    std::uint64_t mixed = used_ == Weights::kBest ? best_.value() : current_;
    stir(mixed, first + experiments::split_index(split));
    evaluated_.images += count;
    evaluated_.digits += count;
    evaluated_.wrong_digits += mixed % (count + 1);
  }
  // Two digits and one glimpse of 3 x 2 per image, on the middle half of it.
  Looks look(experiments::Split split, std::span<const std::uint32_t> samples) override {
    Looks looks{.predictions = {},
                .glimpses = 1,
                .crop_height = 3,
                .crop_width = 2,
                .theta = {},
                .crops = {}};
    for (const std::uint32_t sample : samples) {
      evaluate(split, sample, 1);
      std::uint64_t mixed = used_ == Weights::kBest ? best_.value() : current_;
      stir(mixed, sample);
      looks.predictions.insert(looks.predictions.end(),
                               {static_cast<std::uint8_t>(mixed % 10), std::uint8_t{7}});
      looks.theta.insert(looks.theta.end(), {0.5F, 0, 0, 0, 0.5F, 0});
      looks.crops.insert(looks.crops.end(), 6, static_cast<std::uint8_t>(sample));
    }
    return looks;
  }
  Totals take_evaluation() override { return std::exchange(evaluated_, {}); }
  void use(Weights weights) override { used_ = weights; }

  void keep_best() override { best_ = current_; }
  std::vector<SavedTensor> save() override {
    std::vector<SavedTensor> tensors = {tensor("current", current_)};
    if (best_) {
      tensors.push_back(tensor("best", *best_));
    }
    return tensors;
  }
  void restore(const storage::TensorFile& file) override {
    std::memcpy(&current_, file.find("current")->bytes.data(), sizeof current_);
    if (const auto* best = file.find("best")) {
      std::memcpy(&best_.emplace(), best->bytes.data(), sizeof current_);
    }
  }
  // What a checkpoint in memory gives back.
  void restore(const std::vector<SavedTensor>& tensors) {
    for (const SavedTensor& saved : tensors) {
      std::uint64_t value = 0;
      std::memcpy(&value, saved.bytes.data(), sizeof value);
      if (saved.name == "best") {
        best_ = value;
      } else if (saved.name == "current") {
        current_ = value;
      }
    }
  }

  std::uint64_t weights_hash() override { return current_; }
  std::uint64_t parameters() const override { return 10; }
  [[nodiscard]] std::uint64_t peak_memory() const override { return 1 << 20; }

  std::uint64_t diverges_at_step = 0;  // of an epoch; 0: never
  std::uint64_t steps_done = 0;        // by this object

 private:
  static void stir(std::uint64_t& state, std::uint64_t with) {
    state = (state ^ with) * 0x9E3779B97F4A7C15;
    state ^= state >> 29;
  }
  static SavedTensor tensor(const char* name, std::uint64_t value) {
    SavedTensor saved{.name = name, .type = storage::TensorType::kU64, .shape = {1}, .bytes = {}};
    saved.bytes.resize(sizeof value);
    std::memcpy(saved.bytes.data(), &value, sizeof value);
    return saved;
  }

  StepRates rates_;
  std::uint64_t current_ = 1;
  std::optional<std::uint64_t> best_;
  Weights used_ = Weights::kCurrent;
  TrainTotals totals_;
  Totals evaluated_;
};

}  // namespace glimpse::worker
