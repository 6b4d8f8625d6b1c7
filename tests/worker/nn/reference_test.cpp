// The networks against tests/worker/nn/reference/make_reference.py, which writes them down a second
// time in plain PyTorch.

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "experiments/hash/sha256.h"
#include "experiments/model_table.h"
#include "storage/safetensors/tensor_file.h"
#include "worker/nn/loss.h"
#include "worker/nn/model.h"

namespace glimpse::worker {
namespace {

using experiments::Assignment;
using storage::TensorType;

const std::filesystem::path kFolder = GLIMPSE_SOURCE_DIR "/tests/worker/nn/reference";

// What the script calls a case.
struct Case {
  const char* name;
  Assignment parameters;
  double dropout = 0;
  std::uint64_t seed = 0;
  std::uint32_t epoch = 0;
};

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

std::vector<Case> cases() {
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

class Reference {
 public:
  explicit Reference(const std::string& name) : file_(kFolder / (name + ".safetensors")) {}

  [[nodiscard]] torch::Tensor at(const std::string& name) const {
    const storage::TensorView* view = file_.find(name);
    if (view == nullptr) {
      throw std::invalid_argument(file_.path().string() + " holds no " + name);
    }
    torch::Tensor tensor = torch::empty(view->shape, torch_type(view->type));
    std::memcpy(tensor.data_ptr(), view->bytes.data(), view->bytes.size());
    return tensor;
  }
  [[nodiscard]] bool holds(const std::string& name) const { return file_.find(name) != nullptr; }
  [[nodiscard]] std::size_t count(const std::string& prefix) const {
    return static_cast<std::size_t>(
        std::count_if(file_.tensors().begin(), file_.tensors().end(), [&](const auto& tensor) {
          return tensor.name.starts_with(prefix);
        }));
  }
  [[nodiscard]] std::string recipe() const { return file_.metadata().at("recipe_sha256"); }

 private:
  storage::TensorFile file_;
};

// The largest difference, as a share of the largest value expected.
double relative_error(const torch::Tensor& found, const torch::Tensor& expected) {
  EXPECT_EQ(found.sizes(), expected.sizes());
  const double largest = expected.abs().max().item<double>();
  return (found.to(torch::kFloat64) - expected).abs().max().item<double>() /
         (largest == 0 ? 1 : largest);
}

experiments::ImageShape shape_of(const Reference& reference) {
  const torch::Tensor pixels = reference.at("pixels");
  return {.width = static_cast<int>(pixels.size(3)),
          .height = static_cast<int>(pixels.size(2)),
          .digits = static_cast<int>(reference.at("labels").size(1))};
}

std::shared_ptr<Model> load_model(const Case& each, const Reference& reference) {
  std::shared_ptr<Model> model =
      make_model(experiments::resolve(each.parameters), shape_of(reference));
  const torch::NoGradGuard no_grad;
  for (auto& item : model->named_parameters()) {
    item.value().copy_(reference.at("weight." + item.key()));
  }
  return model;
}

std::vector<std::uint32_t> samples_of(const Reference& reference) {
  const torch::Tensor samples = reference.at("samples");
  const auto* const begin = samples.const_data_ptr<std::int64_t>();
  return {begin, begin + samples.numel()};
}

class AgainstTheReference : public testing::TestWithParam<Case> {
 protected:
  void expect_equal_within(double tolerance, torch::ScalarType type) const {
    const Case& each = GetParam();
    const Reference reference(each.name);
    const std::shared_ptr<Model> model = load_model(each, reference);
    model->to(type);
    Dropout dropout;
    dropout.begin_batch(each.seed, each.epoch, samples_of(reference), each.dropout);
    const ModelOutput output = model->forward(reference.at("pixels").to(type) / 255, dropout);
    const torch::Tensor loss = sequence_loss(output.logits, reference.at("labels"), 1e-5);
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
};

TEST_P(AgainstTheReference, AgreesInDoublePrecision) {
  expect_equal_within(1e-10, torch::kFloat64);
}

TEST_P(AgainstTheReference, AgreesInSinglePrecision) {
  expect_equal_within(1e-5, torch::kFloat32);
}

INSTANTIATE_TEST_SUITE_P(Networks,
                         AgainstTheReference,
                         testing::ValuesIn(cases()),
                         [](const auto& each) { return std::string(each.param.name); });

TEST(Reference, HoldsTheMasksThatDropoutDraws) {
  for (const Case& each : cases()) {
    const Reference reference(each.name);
    Dropout dropout;
    dropout.begin_batch(each.seed, each.epoch, samples_of(reference), each.dropout);
    for (std::size_t site = 0; site < reference.count("mask."); ++site) {
      const torch::Tensor expected = reference.at("mask." + std::to_string(site));
      const torch::Tensor mask = dropout.apply(torch::ones(expected.sizes(), torch::kFloat64));
      EXPECT_TRUE(torch::equal(mask, expected.to(torch::kFloat64) / (1 - each.dropout)))
          << each.name << " site " << site;
    }
  }
}

TEST(Reference, WasWrittenByTheScriptBesideIt) {
  std::ifstream script(kFolder / "make_reference.py", std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(script), {}};
  for (const Case& each : cases()) {
    EXPECT_EQ(Reference(each.name).recipe(), experiments::hex(experiments::sha256(text)))
        << "run make_reference.py and commit what it writes";
  }
}

}  // namespace
}  // namespace glimpse::worker
