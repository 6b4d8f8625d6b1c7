#include "worker/nn/train_step.h"

#include <torch/torch.h>

#include "worker/nn/loss.h"

namespace glimpse::worker {

TrainStep::TrainStep(const StepParts& parts, std::uint64_t seed, double loss_epsilon)
    : parts_(parts),
      seed_(seed),
      loss_epsilon_(loss_epsilon),
      outputs_(parts.parameters.weights().device()) {}

void TrainStep::set_rates(const StepRates& rates) {
  rates_ = rates;
  parts_.optimizer.set_learning_rate(rates.learning_rate);
}

void TrainStep::run(const storage::SplitData& split, std::span<const std::uint32_t> samples) {
  run_phases(split, samples, [](StepPhase) {});
}

void TrainStep::run_in_phases(const storage::SplitData& split,
                              std::span<const std::uint32_t> samples,
                              const std::function<void(StepPhase)>& done) {
  const torch::Device device = parts_.parameters.weights().device();
  run_phases(split, samples, [&](StepPhase phase) {
    if (device.is_cuda()) {
      torch::cuda::synchronize(device.index());
    }
    done(phase);
  });
}

template <typename Done>
void TrainStep::run_phases(const storage::SplitData& split,
                           std::span<const std::uint32_t> samples,
                           const Done& done) {
  const Batch batch = parts_.loader.load(split, samples);
  dropout_.begin_batch(seed_, static_cast<std::uint32_t>(rates_.epoch), samples, rates_.dropout);
  done(StepPhase::kLoad);
  const ModelOutput output = parts_.model.forward(batch.images, dropout_);
  done(StepPhase::kForward);
  const torch::Tensor loss = sequence_loss(output.logits, batch.labels, loss_epsilon_);
  parts_.parameters.gradients().zero_();
  loss.backward();
  done(StepPhase::kBackward);
  outputs_.add(output.logits, batch.labels, loss);
  done(StepPhase::kSums);
  parts_.optimizer.step();
  ++steps_;
  done(StepPhase::kUpdate);
}

TrainTotals TrainStep::totals() const {
  const Optimizer& optimizer = parts_.optimizer;
  return {.outputs = outputs_.read(),
          .steps = steps_,
          .clipped = static_cast<std::uint64_t>(optimizer.clipped_sum().item<std::int64_t>()),
          .gradient_norm = optimizer.norm_sum().item<double>()};
}

void TrainStep::set_totals(const TrainTotals& totals) {
  outputs_.set(totals.outputs);
  steps_ = totals.steps;
  parts_.optimizer.clipped_sum().fill_(static_cast<std::int64_t>(totals.clipped));
  parts_.optimizer.norm_sum().fill_(totals.gradient_norm);
}

}  // namespace glimpse::worker
