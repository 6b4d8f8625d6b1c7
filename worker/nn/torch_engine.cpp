#include "worker/nn/torch_engine.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <vector>

#include <torch/torch.h>

#include "storage/files/xxh3.h"
#include "storage/storage_error.h"
#include "worker/device.h"
#include "worker/nn/batch_loader.h"
#include "worker/nn/device_totals.h"
#include "worker/nn/dropout.h"
#include "worker/nn/flat_parameters.h"
#include "worker/nn/loss.h"
#include "worker/nn/model.h"
#include "worker/nn/optimizer.h"
#include "worker/nn/train_step.h"
#include "worker/recipe.h"

namespace glimpse::worker {
namespace {

using storage::StorageError;
using storage::StorageFault;
using storage::TensorFile;
using storage::TensorType;
using storage::TensorView;

TensorType saved_type(const torch::Tensor& tensor) {
  return tensor.scalar_type() == torch::kFloat64 ? TensorType::kF64 : TensorType::kF32;
}

SavedTensor save_tensor(std::string name, const torch::Tensor& tensor) {
  const torch::Tensor logical = tensor.detach().to(torch::kCPU).contiguous();
  const auto* const bytes = static_cast<const std::byte*>(logical.data_ptr());
  return {.name = std::move(name),
          .type = saved_type(logical),
          .shape = logical.sizes().vec(),
          .bytes = {bytes, bytes + logical.nbytes()}};
}

std::string render_shape(std::span<const std::int64_t> shape) {
  std::string text = "(";
  for (const std::int64_t side : shape) {
    text += (text.size() > 1 ? ", " : "") + std::to_string(side);
  }
  return text + ")";
}

const TensorView& find_tensor(const TensorFile& file, const NamedView& target) {
  const auto refuse = [&](const std::string& why) {
    throw StorageError(
        StorageFault::kForeign,
        file.path(),
        "open checkpoint " + file.path().string() + ": tensor '" + target.name + "' " + why);
  };
  const TensorView* const view = file.find(target.name);
  if (view == nullptr) {
    refuse("is missing");
  }
  if (view->type != saved_type(target.tensor) || view->shape != target.tensor.sizes().vec()) {
    refuse("is " + std::string(name_of(view->type)) + " " + render_shape(view->shape) +
           ", but this trial's is " + std::string(name_of(saved_type(target.tensor))) + " " +
           render_shape(target.tensor.sizes()));
  }
  return *view;
}

// Every element in logical order, as the type that is asked for.
template <typename Element>
std::vector<Element> read_elements(const torch::Tensor& tensor, torch::ScalarType type) {
  const torch::Tensor logical = tensor.to(torch::kCPU, type).contiguous();
  const auto* const elements = logical.const_data_ptr<Element>();
  return {elements, elements + logical.numel()};
}

Looks read_looks(const ModelOutput& output) {
  Looks looks{.predictions = read_elements<std::uint8_t>(output.logits.argmax(2), torch::kUInt8),
              .theta = {},
              .crops = {}};
  if (output.crops.defined()) {
    looks.glimpses = static_cast<std::uint64_t>(output.crops.size(1));
    looks.crop_height = static_cast<std::uint64_t>(output.crops.size(2));
    looks.crop_width = static_cast<std::uint64_t>(output.crops.size(3));
    looks.theta = read_elements<float>(output.theta, torch::kFloat32);
    const torch::Tensor levels = output.crops.mul(255).round().clamp(0, 255);
    looks.crops = read_elements<std::uint8_t>(levels, torch::kUInt8);
  }
  return looks;
}

std::shared_ptr<Model> make_fresh_model(const EngineOptions& options, torch::Device device) {
  std::shared_ptr<Model> model = make_model(options.parameters, options.shape);
  model->to(device, options.precision == Precision::kDouble ? torch::kFloat64 : torch::kFloat32);
  init_weights(*model, options.seed);
  return model;
}

class TorchEngine final : public Engine {
 public:
  explicit TorchEngine(const EngineOptions& options)
      : recipe_(make_recipe(options.parameters)),
        splits_(options.splits),
        model_(make_fresh_model(options, torch::Device(options.device))),
        flat_(*model_),
        optimizer_(recipe_.optimizer, flat_.weights(), flat_.gradients()),
        loader_(options.shape, flat_.weights().options()),
        step_({*model_, flat_, optimizer_, loader_}, options.seed, recipe_.loss_epsilon),
        evaluated_(flat_.weights().device()) {}

  void set_rates(const StepRates& rates) override { step_.set_rates(rates); }

  void train_step(std::span<const std::uint32_t> samples) override {
    step_.run(split_data(experiments::Split::kTrain), samples);
  }

  void train_step_in_phases(std::span<const std::uint32_t> samples,
                            const std::function<void(StepPhase)>& done) override {
    step_.run_in_phases(split_data(experiments::Split::kTrain), samples, done);
  }

  TrainTotals train_totals() override { return step_.totals(); }

  void set_train_totals(const TrainTotals& totals) override { step_.set_totals(totals); }

  void evaluate(experiments::Split split, std::uint64_t first, std::uint64_t count) override {
    std::vector<std::uint32_t> samples(count);
    std::iota(samples.begin(), samples.end(), static_cast<std::uint32_t>(first));
    static_cast<void>(evaluate_batch(split, samples));
  }

  Looks look(experiments::Split split, std::span<const std::uint32_t> samples) override {
    return read_looks(evaluate_batch(split, samples));
  }

  Totals take_evaluation() override {
    const Totals totals = evaluated_.read();
    evaluated_.set({});
    return totals;
  }

  void use(Weights weights) override {
    const torch::NoGradGuard no_grad;
    if (weights == Weights::kBest && !best_.defined()) {
      throw std::invalid_argument("there are no best weights yet");
    }
    if (weights == Weights::kBest && !current_.defined()) {
      current_ = flat_.weights().clone();
      flat_.weights().copy_(best_);
    } else if (weights == Weights::kCurrent && current_.defined()) {
      flat_.weights().copy_(current_);
      current_ = torch::Tensor();
    }
  }

  void keep_best() override {
    best_ = best_.defined() ? best_.copy_(flat_.weights()) : flat_.weights().clone();
  }

  std::vector<SavedTensor> save() override {
    std::vector<SavedTensor> saved;
    for (const NamedView& target : targets(best_)) {
      saved.push_back(save_tensor(target.name, target.tensor));
    }
    return saved;
  }

  void restore(const TensorFile& file) override {
    const torch::NoGradGuard no_grad;
    const bool has_best = std::ranges::any_of(
        file.tensors(), [](const TensorView& tensor) { return tensor.name.starts_with("best."); });
    torch::Tensor best = has_best ? torch::zeros_like(flat_.weights()) : torch::Tensor();
    const std::vector<NamedView> all = targets(best);
    for (const NamedView& target : all) {
      static_cast<void>(find_tensor(file, target));
    }
    for (const NamedView& target : all) {
      torch::Tensor logical =
          torch::empty(target.tensor.sizes(), target.tensor.options().device(torch::kCPU));
      const TensorView& view = find_tensor(file, target);
      std::memcpy(logical.data_ptr(), view.bytes.data(), view.bytes.size());
      target.tensor.copy_(logical);
    }
    best_ = best;
  }

  std::uint64_t weights_hash() override {
    storage::Xxh3 hash;
    for (const NamedView& view : flat_.views(flat_.weights())) {
      hash.update(save_tensor(view.name, view.tensor).bytes);
    }
    return hash.digest();
  }

  std::uint64_t parameters() const override { return static_cast<std::uint64_t>(flat_.count()); }

  std::uint64_t peak_memory() const override {
    return worker::peak_memory(flat_.weights().device().str());
  }

 private:
  [[nodiscard]] const storage::SplitData& split_data(experiments::Split split) const {
    return splits_.at(experiments::split_index(split));
  }

  ModelOutput evaluate_batch(experiments::Split split, std::span<const std::uint32_t> samples) {
    const torch::NoGradGuard no_grad;
    const Batch batch = loader_.load(split_data(split), samples);
    Dropout none;
    ModelOutput output = model_->forward(batch.images, none);
    evaluated_.add(output.logits,
                   batch.labels,
                   sequence_loss(output.logits, batch.labels, recipe_.loss_epsilon));
    return output;
  }

  // All that a checkpoint holds, in its order.
  [[nodiscard]] std::vector<NamedView> targets(const torch::Tensor& best) const {
    std::vector<NamedView> all;
    const auto add = [&](const std::string& prefix, const torch::Tensor& flat) {
      for (const NamedView& view : flat_.views(flat)) {
        all.push_back({prefix + view.name, view.tensor});
      }
    };
    add("model.", current_.defined() ? current_ : flat_.weights());
    for (const NamedView& buffer : optimizer_.buffers()) {
      add("optimizer." + buffer.name + ".", buffer.tensor);
    }
    for (const NamedView& scalar : optimizer_.scalars()) {
      all.push_back({"optimizer." + scalar.name, scalar.tensor});
    }
    if (best.defined()) {
      add("best.", best);
    }
    return all;
  }

  Recipe recipe_;
  std::array<storage::SplitData, 3> splits_;
  std::shared_ptr<Model> model_;
  FlatParameters flat_;
  Optimizer optimizer_;
  BatchLoader loader_;
  TrainStep step_;
  DeviceTotals evaluated_;
  torch::Tensor best_;     // undefined: none yet
  torch::Tensor current_;  // while the best are in use
};

}  // namespace

std::unique_ptr<Engine> make_torch_engine(const EngineOptions& options) {
  return std::make_unique<TorchEngine>(options);
}

}  // namespace glimpse::worker
