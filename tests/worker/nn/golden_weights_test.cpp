// Pins the numerics of each model: the weights after three steps in double precision, theta moved
// off the identity, where bilinear sampling has no derivative. When this test fails, results of
// earlier versions are no longer those of this one: raise the model's code number in
// experiments/model_table.cpp, so that no old result is taken for a new one, and write the file
// anew with GLIMPSE_UPDATE_GOLDEN=1.

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iomanip>
#include <map>
#include <numeric>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "experiments/model_table.h"
#include "storage/safetensors/tensor_file.h"
#include "tests/support/temp_dir.h"
#include "tests/worker/nn/tiny_data.h"
#include "tests/worker/saved_tensors.h"
#include "worker/nn/torch_engine.h"

namespace glimpse::worker {
namespace {

const std::string kGolden = std::string(GLIMPSE_SOURCE_DIR) + "/tests/worker/nn/golden_weights.txt";

std::vector<double> values_of(const SavedTensor& tensor) {
  std::vector<double> values(tensor.bytes.size() / sizeof(double));
  std::memcpy(values.data(), tensor.bytes.data(), tensor.bytes.size());
  return values;
}

// Different for every element, and far from every integer pixel coordinate.
void move_theta(SavedTensor& tensor) {
  std::vector<double> values = values_of(tensor);
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] += 0.0317 * std::sin(1.0 + static_cast<double>(i));
  }
  std::memcpy(tensor.bytes.data(), values.data(), tensor.bytes.size());
}

// "<model> <code> <tensor>" -> sum and Euclidean norm of its weights after three steps.
using Fingerprint = std::map<std::string, std::pair<double, double>>;

void add_model(const std::string& model, Fingerprint& fingerprint) {
  const MadeData data(tiny_spec());
  const auto engine =
      make_torch_engine({.parameters = tiny_parameters(model, {{"batch_size", 8.0}}),
                         .shape = experiments::image_shape(data.spec()),
                         .seed = 1,
                         .splits = data.splits(),
                         .device = "cpu",
                         .precision = Precision::kDouble});
  std::vector<SavedTensor> start = engine->save();
  for (SavedTensor& tensor : start) {
    if (tensor.name.starts_with("model.") && tensor.name.find("theta") != std::string::npos) {
      move_theta(tensor);
    }
  }
  const tests::TempDir folder;
  engine->restore(through_a_file(start, folder));
  std::vector<std::uint32_t> samples(8);
  for (std::uint32_t step = 0; step < 3; ++step) {
    std::iota(samples.begin(), samples.end(), step * 8);
    engine->set_rates({.epoch = 6, .learning_rate = 5e-4, .dropout = 0.2});
    engine->train_step(samples);
  }
  const int code = experiments::find_model(model)->code;
  for (const SavedTensor& tensor : engine->save()) {
    const std::vector<double> values = values_of(tensor);
    if (tensor.name.starts_with("model.")) {
      fingerprint[model + " " + std::to_string(code) + " " + tensor.name] = {
          std::accumulate(values.begin(), values.end(), 0.0),
          std::sqrt(std::inner_product(values.begin(), values.end(), values.begin(), 0.0))};
    }
  }
}

Fingerprint load_golden() {
  Fingerprint golden;
  std::ifstream file(kGolden);
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string model;
    std::string code;
    std::string tensor;
    double sum = 0;
    double norm = 0;
    words >> model >> code >> tensor >> sum >> norm;
    golden[model + " " + code + " " + tensor] = {sum, norm};
  }
  return golden;
}

void save_golden(const Fingerprint& fingerprint) {
  std::ofstream file(kGolden);
  for (const auto& [name, numbers] : fingerprint) {
    file << name << ' ' << std::setprecision(17) << numbers.first << ' ' << numbers.second << '\n';
  }
}

TEST(GoldenWeights, AreThoseOfTheModelsCodeNumbers) {
  Fingerprint fingerprint;
  for (const experiments::ModelRow& row : experiments::model_rows()) {
    add_model(row.name, fingerprint);
  }
  if (std::getenv("GLIMPSE_UPDATE_GOLDEN") != nullptr) {
    save_golden(fingerprint);
  }
  const Fingerprint golden = load_golden();
  ASSERT_EQ(golden.size(), fingerprint.size());
  for (const auto& [name, numbers] : fingerprint) {
    ASSERT_TRUE(golden.contains(name)) << name;
    const auto& [sum, norm] = golden.at(name);
    EXPECT_NEAR(numbers.second, norm, 1e-9 * norm) << name;
    EXPECT_NEAR(numbers.first, sum, 1e-9 * norm) << name;
  }
}

}  // namespace
}  // namespace glimpse::worker
