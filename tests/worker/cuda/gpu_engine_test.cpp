// Training on a GPU: it does not wait, repeats itself, and hands over to the CPU and back.

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include <c10/cuda/CUDAFunctions.h>
#include <gtest/gtest.h>

#include "tests/support/temp_dir.h"
#include "tests/worker/cuda/gpu_test.h"
#include "tests/worker/nn/tiny_data.h"
#include "tests/worker/saved_tensors.h"
#include "worker/nn/torch_engine.h"

namespace glimpse::worker {
namespace {

using experiments::Split;

const MadeData& tiny_data() {
  static const MadeData data(tiny_spec());
  return data;
}

std::unique_ptr<Engine> make_engine(const std::string& model,
                                    const std::string& device,
                                    Precision precision) {
  return make_torch_engine(
      {.parameters = tiny_parameters(model, {{"batch_size", 20.0}, {"learning_rate", 1e-3}}),
       .shape = experiments::image_shape(tiny_data().spec()),
       .seed = 11,
       .splits = tiny_data().splits(),
       .device = device,
       .precision = precision});
}

void train(Engine& engine, int first_step, int steps) {
  std::vector<std::uint32_t> samples(20);
  for (int step = first_step; step < first_step + steps; ++step) {
    std::iota(samples.begin(), samples.end(), static_cast<std::uint32_t>(step * 20 % 120));
    engine.set_rates({.epoch = 6, .learning_rate = 1e-3, .dropout = 0.3});
    engine.train_step(samples);
  }
}

bool are_equal(const std::vector<SavedTensor>& a, const std::vector<SavedTensor>& b) {
  return std::ranges::equal(a, b, [](const SavedTensor& x, const SavedTensor& y) {
    return x.name == y.name && x.shape == y.shape && x.bytes == y.bytes;
  });
}

// The weights of a network in double precision, one after another.
std::vector<double> weights_of(const std::vector<SavedTensor>& saved) {
  std::vector<double> weights;
  for (const SavedTensor& tensor : saved) {
    if (tensor.name.starts_with("model.")) {
      const std::size_t before = weights.size();
      weights.resize(before + tensor.bytes.size() / sizeof(double));
      std::memcpy(&weights[before], tensor.bytes.data(), tensor.bytes.size());
    }
  }
  return weights;
}

double norm_of_difference(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    sum += (a[i] - b[i]) * (a[i] - b[i]);
  }
  return std::sqrt(sum);
}

class GpuEngine : public OnGpu<testing::TestWithParam<const char*>> {
 protected:
  static std::unique_ptr<Engine> on_gpu(Precision precision) {
    return make_engine(GetParam(), kGpu, precision);
  }
  static std::unique_ptr<Engine> on_cpu(Precision precision) {
    return make_engine(GetParam(), "cpu", precision);
  }
};

TEST_P(GpuEngine, NeverWaitsInAStep) {
  const auto engine = on_gpu(Precision::kFloat);
  train(*engine, 0, 3);
  auto& watch = c10::cuda::warning_state();
  watch.set_sync_debug_mode(c10::cuda::SyncDebugMode::L_ERROR);
  EXPECT_NO_THROW(train(*engine, 3, 3));
  EXPECT_NO_THROW(engine->evaluate(Split::kValid, 0, 20));
  EXPECT_ANY_THROW(static_cast<void>(engine->train_totals())) << "the negative control waits";
  watch.set_sync_debug_mode(c10::cuda::SyncDebugMode::L_DISABLED);
  EXPECT_EQ(engine->train_totals().steps, 6U);
}

TEST_P(GpuEngine, RepeatsItselfBitForBit) {
  const auto a = on_gpu(Precision::kFloat);
  const auto b = on_gpu(Precision::kFloat);
  train(*a, 0, 20);
  train(*b, 0, 20);
  EXPECT_TRUE(are_equal(a->save(), b->save()));
  EXPECT_EQ(a->train_totals(), b->train_totals());
}

// Ten steps with dropout, as a share of the way that the weights went.
TEST_P(GpuEngine, StaysBesideTheCpu) {
  const auto gpu = on_gpu(Precision::kDouble);
  const auto cpu = on_cpu(Precision::kDouble);
  const std::vector<double> start = weights_of(cpu->save());
  EXPECT_TRUE(are_equal(gpu->save(), cpu->save()));
  train(*gpu, 0, 10);
  train(*cpu, 0, 10);
  const std::vector<double> end = weights_of(cpu->save());
  const double apart =
      norm_of_difference(weights_of(gpu->save()), end) / norm_of_difference(start, end);
  std::cout << "apart by " << apart << " of the way\n";
  EXPECT_LT(apart, 1e-7);
}

TEST_P(GpuEngine, CountsWhatTheCpuCounts) {
  const auto gpu = on_gpu(Precision::kDouble);
  const auto cpu = on_cpu(Precision::kDouble);
  for (Engine* const engine : {gpu.get(), cpu.get()}) {
    train(*engine, 0, 3);
    engine->evaluate(Split::kValid, 0, 20);
    engine->evaluate(Split::kValid, 20, 13);
  }
  const std::vector<std::uint32_t> samples = {3, 0, 17, 39};
  EXPECT_EQ(gpu->look(Split::kTest, samples).predictions,
            cpu->look(Split::kTest, samples).predictions);
  const Totals found = gpu->take_evaluation();
  const Totals expected = cpu->take_evaluation();
  EXPECT_EQ(found.images, expected.images);
  EXPECT_EQ(found.wrong_digits, expected.wrong_digits);
  EXPECT_EQ(found.wrong_sequences, expected.wrong_sequences);
  EXPECT_NEAR(found.loss, expected.loss, 1e-7 * expected.loss);
}

TEST_P(GpuEngine, GoesOnWhereItOrTheCpuStopped) {
  const tests::TempDir folder;
  const auto gpu = on_gpu(Precision::kFloat);
  train(*gpu, 0, 4);
  gpu->keep_best();
  train(*gpu, 4, 2);
  const auto saved = gpu->save();

  const auto cpu = on_cpu(Precision::kFloat);
  cpu->restore(through_a_file(saved, folder));
  EXPECT_TRUE(are_equal(cpu->save(), saved)) << "from the GPU to the CPU";
  EXPECT_EQ(cpu->weights_hash(), gpu->weights_hash());

  const auto again = on_gpu(Precision::kFloat);
  again->restore(through_a_file(cpu->save(), folder));
  EXPECT_TRUE(are_equal(again->save(), saved)) << "and back";
  train(*gpu, 6, 3);
  train(*again, 6, 3);
  EXPECT_TRUE(are_equal(again->save(), gpu->save()));
}

TEST_P(GpuEngine, SaysHowMuchMemoryItNeeds) {
  forget_peak_memory(kGpu);
  const auto engine = on_gpu(Precision::kFloat);
  train(*engine, 0, 1);
  EXPECT_GT(engine->peak_memory(), 4 * engine->parameters());
  EXPECT_LE(engine->peak_memory(), list_devices().front().memory_bytes);
}

INSTANTIATE_TEST_SUITE_P(Models,
                         GpuEngine,
                         testing::Values("rnn-spn", "ffn-spn", "conv"),
                         [](const auto& each) {
                           std::string name = each.param;
                           std::erase(name, '-');
                           return name;
                         });

}  // namespace
}  // namespace glimpse::worker
