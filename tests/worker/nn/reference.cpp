#include "tests/worker/nn/reference.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <stdexcept>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "experiments/model_table.h"
#include "worker/nn/loss.h"
#include "worker/nn/model.h"

namespace glimpse::worker {
namespace {

using experiments::Assignment;
using storage::TensorType;

Assignment with(Assignment base, const Assignment& more) {
  for (const auto& [name, value] : more) {
    base.insert_or_assign(name, value);
  }
  return base;
}

const Assignment kRnnSpn = {{"model", "rnn-spn"},
                            {"filters", 4.0},
                            {"dense", 6.0},
                            {"localisation_filters", 3.0},
                            {"hidden", 5.0},
                            {"downsample", 2.2}};
const Assignment kFfnSpn = {{"model", "ffn-spn"},
                            {"filters", 4.0},
                            {"dense", 6.0},
                            {"localisation_filters", 3.0},
                            {"localisation_dense", 5.0},
                            {"downsample", 2.2}};
const Assignment kConv = {{"model", "conv"}, {"filters", 4.0}, {"dense", 6.0}};

torch::ScalarType torch_type(TensorType type) {
  switch (type) {
    case TensorType::kU8:
      return torch::kUInt8;
    case TensorType::kI64:
      return torch::kInt64;
    case TensorType::kF32:
      return torch::kFloat32;
    case TensorType::kF64:
      return torch::kFloat64;
    default:
      throw std::invalid_argument("no reference holds " + std::string(name_of(type)));
  }
}

// The largest difference, as a share of the largest value expected.
double relative_error(const torch::Tensor& found, const torch::Tensor& expected) {
  EXPECT_EQ(found.sizes(), expected.sizes());
  const double largest = expected.abs().max().item<double>();
  return (found.to(torch::kCPU, torch::kFloat64) - expected).abs().max().item<double>() /
         (largest == 0 ? 1 : largest);
}

experiments::ImageShape shape_of(const Reference& reference) {
  const torch::Tensor pixels = reference.at("pixels");
  return {.width = static_cast<int>(pixels.size(3)),
          .height = static_cast<int>(pixels.size(2)),
          .digits = static_cast<int>(reference.at("labels").size(1))};
}

std::shared_ptr<Model> load_model(const ReferenceCase& each, const Reference& reference) {
  std::shared_ptr<Model> model =
      make_model(experiments::resolve(each.parameters), shape_of(reference));
  const torch::NoGradGuard no_grad;
  for (auto& item : model->named_parameters()) {
    item.value().copy_(reference.at("weight." + item.key()));
  }
  return model;
}

}  // namespace

std::vector<ReferenceCase> reference_cases() {
  return {
      {"rnn_spn", kRnnSpn},
      {"rnn_spn_dropout", kRnnSpn, 0.3, (std::uint64_t{1} << 40) + 7, 3},
      {"rnn_spn_switched",
       with(kRnnSpn,
            {{"gru", "reset_before"},
             {"learned_h0", false},
             {"sampler", "zeros"},
             {"localisation_dropout", false},
             {"third_dropout", true}}),
       0.4,
       11,
       0},
      {"rnn_spn_lasagne2015", with(kRnnSpn, {{"sampler", "lasagne2015"}, {"downsample", 2.0}})},
      {"ffn_spn", kFfnSpn, 0.25, 5, 1},
      {"ffn_spn_lasagne2015",
       with(kFfnSpn, {{"sampler", "lasagne2015"}, {"third_dropout", true}}),
       0.5,
       6,
       2},
      {"conv", kConv},
      {"conv_dropout", with(kConv, {{"third_dropout", true}}), 0.5, 9, 4},
  };
}

std::filesystem::path reference_folder() {
  const char* const given = std::getenv("GLIMPSE_REFERENCE_DIR");
  return given != nullptr ? given : GLIMPSE_SOURCE_DIR "/tests/worker/nn/reference";
}

Reference::Reference(const std::string& name)
    : file_(reference_folder() / (name + ".safetensors")) {}

torch::Tensor Reference::at(const std::string& name) const {
  const storage::TensorView* view = file_.find(name);
  if (view == nullptr) {
    throw std::invalid_argument(file_.path().string() + " holds no " + name);
  }
  torch::Tensor tensor = torch::empty(view->shape, torch_type(view->type));
  std::memcpy(tensor.data_ptr(), view->bytes.data(), view->bytes.size());
  return tensor;
}

std::size_t Reference::count(const std::string& prefix) const {
  return static_cast<std::size_t>(
      std::count_if(file_.tensors().begin(), file_.tensors().end(), [&](const auto& tensor) {
        return tensor.name.starts_with(prefix);
      }));
}

std::vector<std::uint32_t> Reference::samples() const {
  const torch::Tensor samples = at("samples");
  const auto* const begin = samples.const_data_ptr<std::int64_t>();
  return {begin, begin + samples.numel()};
}

void expect_reference(const ReferenceCase& each,
                      double tolerance,
                      torch::ScalarType type,
                      torch::Device device) {
  const Reference reference(each.name);
  const std::shared_ptr<Model> model = load_model(each, reference);
  model->to(device, type);
  Dropout dropout;
  dropout.begin_batch(each.seed, each.epoch, reference.samples(), each.dropout);
  const torch::Tensor images = reference.at("pixels").to(device, type) / 255;
  const ModelOutput output = model->forward(images, dropout);
  const torch::Tensor loss = sequence_loss(output.logits, reference.at("labels").to(device), 1e-5);
  loss.backward();
  EXPECT_LT(relative_error(output.logits, reference.at("logits")), tolerance);
  EXPECT_LT(relative_error(loss, reference.at("loss")), tolerance);
  ASSERT_EQ(output.theta.defined(), reference.holds("theta"));
  if (output.theta.defined()) {
    EXPECT_LT(relative_error(output.theta, reference.at("theta")), tolerance);
    EXPECT_LT(relative_error(output.crops, reference.at("crops")), tolerance);
  }
  EXPECT_EQ(model->named_parameters().size(), reference.count("grad."));
  for (const auto& item : model->named_parameters()) {
    EXPECT_LT(relative_error(item.value().grad(), reference.at("grad." + item.key())), tolerance)
        << item.key();
  }
}

}  // namespace glimpse::worker
