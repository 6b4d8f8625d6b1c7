#include "worker/nn/torch_engine.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "experiments/model_facts.h"
#include "experiments/model_table.h"
#include "storage/safetensors/tensor_file.h"
#include "storage/storage_error.h"
#include "tests/support/temp_dir.h"
#include "tests/worker/nn/tiny_data.h"
#include "tests/worker/saved_tensors.h"

namespace glimpse::worker {
namespace {

using experiments::Assignment;
using experiments::Split;

const MadeData& tiny_data() {
  static const MadeData data(tiny_spec());
  return data;
}

// Small networks, so that a step takes milliseconds.
Assignment small(const std::string& model, Assignment given = {}) {
  given.emplace("model", model);
  given.emplace("filters", 4.0);
  given.emplace("dense", 16.0);
  given.emplace("batch_size", 20.0);
  if (model != "conv") {
    given.emplace("downsample", 1.5);
    given.emplace("localisation_filters", 4.0);
  }
  if (model == "rnn-spn") {
    given.emplace("hidden", 12.0);
  }
  return experiments::resolve(given);
}

std::unique_ptr<Engine> make_engine(const Assignment& parameters,
                                    Precision precision = Precision::kFloat) {
  return make_torch_engine({.parameters = parameters,
                            .shape = experiments::image_shape(tiny_data().spec()),
                            .seed = 11,
                            .splits = tiny_data().splits(),
                            .device = "cpu",
                            .precision = precision});
}

void train(Engine& engine, int first_step, int steps) {
  std::vector<std::uint32_t> samples(20);
  for (int step = first_step; step < first_step + steps; ++step) {
    std::iota(samples.begin(), samples.end(), static_cast<std::uint32_t>(step * 20 % 100));
    engine.set_rates({.epoch = 1 + step / 5, .learning_rate = 1e-3, .dropout = 0.3});
    engine.train_step(samples);
  }
}

bool are_equal(const std::vector<SavedTensor>& a, const std::vector<SavedTensor>& b) {
  return std::ranges::equal(a, b, [](const SavedTensor& x, const SavedTensor& y) {
    return x.name == y.name && x.shape == y.shape && x.bytes == y.bytes;
  });
}

const std::vector<Assignment>& configurations() {
  static const std::vector<Assignment> all = {
      small("rnn-spn"),
      small("ffn-spn", {{"optimizer", std::string("adam")}}),
      small("conv", {{"optimizer", std::string("sgd")}, {"momentum", 0.9}}),
      small("rnn-spn", {{"optimizer", std::string("adamw")}})};
  return all;
}

TEST(TorchEngine, AStepInPhasesIsTheStep) {
  for (const Assignment& parameters : configurations()) {
    const auto whole = make_engine(parameters);
    const auto apart = make_engine(parameters);
    std::vector<std::uint32_t> samples(20);
    std::iota(samples.begin(), samples.end(), 7U);
    std::vector<StepPhase> phases;
    for (int step = 0; step < 2; ++step) {
      whole->train_step(samples);
      apart->train_step_in_phases(samples, [&](StepPhase phase) { phases.push_back(phase); });
    }
    std::vector<StepPhase> twice(kStepPhases.begin(), kStepPhases.end());
    twice.insert(twice.end(), kStepPhases.begin(), kStepPhases.end());
    EXPECT_EQ(phases, twice);
    EXPECT_TRUE(are_equal(whole->save(), apart->save()));
    EXPECT_EQ(whole->train_totals(), apart->train_totals());
    EXPECT_EQ(whole->train_totals().outputs.digits, 80U);
    EXPECT_GT(whole->train_totals().outputs.loss, 0);
  }
}

TEST(TorchEngine, TrainsAsManyParametersAsTheTableSays) {
  for (const Assignment& parameters : configurations()) {
    const auto facts =
        experiments::model_facts(parameters, experiments::image_shape(tiny_data().spec()));
    EXPECT_EQ(make_engine(parameters)->parameters(), facts.parameters);
  }
}

TEST(TorchEngine, RepeatsItselfBitForBit) {
  for (const Assignment& parameters : configurations()) {
    const auto a = make_engine(parameters);
    const auto b = make_engine(parameters);
    train(*a, 0, 6);
    train(*b, 0, 6);
    EXPECT_TRUE(are_equal(a->save(), b->save()));
    EXPECT_EQ(a->train_totals(), b->train_totals());
    EXPECT_EQ(a->weights_hash(), b->weights_hash());
  }
}

TEST(TorchEngine, GoesOnBitForBitFromWhatItSaved) {
  const tests::TempDir folder;
  for (const Assignment& parameters : configurations()) {
    const auto whole = make_engine(parameters);
    train(*whole, 0, 4);
    whole->keep_best();
    train(*whole, 4, 3);
    const auto saved = whole->save();
    const TrainTotals totals = whole->train_totals();
    train(*whole, 7, 3);

    const auto resumed = make_engine(parameters);
    resumed->restore(through_a_file(saved, folder));
    resumed->set_train_totals(totals);
    EXPECT_TRUE(are_equal(resumed->save(), saved));
    train(*resumed, 7, 3);
    EXPECT_TRUE(are_equal(resumed->save(), whole->save()));
    EXPECT_EQ(resumed->train_totals(), whole->train_totals());
  }
}

// The negative control: without the optimiser's memory the next steps are others.
TEST(TorchEngine, GoesOnOtherwiseWithoutTheOptimizersState) {
  const tests::TempDir folder;
  for (const Assignment& parameters : configurations()) {
    const auto whole = make_engine(parameters);
    train(*whole, 0, 7);
    auto saved = whole->save();
    train(*whole, 7, 1);
    for (SavedTensor& tensor : saved) {
      if (tensor.name.starts_with("optimizer.")) {
        std::ranges::fill(tensor.bytes, std::byte{0});
      }
    }
    const auto resumed = make_engine(parameters);
    resumed->restore(through_a_file(saved, folder));
    train(*resumed, 7, 1);
    EXPECT_NE(resumed->weights_hash(), whole->weights_hash());
  }
}

TEST(TorchEngine, EvaluatesTheBestWeightsAndComesBack) {
  const auto engine = make_engine(small("ffn-spn"));
  const auto error = [&] {
    engine->evaluate(Split::kValid, 0, 20);
    engine->evaluate(Split::kValid, 20, 20);
    return engine->take_evaluation();
  };
  train(*engine, 0, 2);
  engine->keep_best();
  const Totals best = error();
  EXPECT_EQ(best.images, 40U);
  EXPECT_EQ(best.digits, 80U);
  train(*engine, 2, 10);
  const Totals last = error();
  const auto saved = engine->save();
  EXPECT_NE(last, best);
  engine->use(Weights::kBest);
  EXPECT_EQ(error(), best);
  EXPECT_TRUE(are_equal(engine->save(), saved)) << "what is saved does not depend on what is used";
  engine->use(Weights::kCurrent);
  EXPECT_EQ(error(), last);
}

TEST(TorchEngine, SaysWhatItCountsAndShowsWhatItSees) {
  const std::vector<std::uint32_t> samples = {3, 0, 17, 39, 8};
  for (const Assignment& parameters : configurations()) {
    const auto engine = make_engine(parameters);
    train(*engine, 0, 3);
    const Looks looks = engine->look(Split::kTest, samples);
    const auto labels = tiny_data().splits()[2].labels;
    std::uint64_t wrong = 0;
    for (std::size_t i = 0; i < samples.size() * 2; ++i) {
      const auto label = std::to_integer<int>(labels[samples[i / 2] * 2 + i % 2]);
      wrong += looks.predictions.at(i) != label ? 1 : 0;
    }
    EXPECT_EQ(engine->take_evaluation().wrong_digits, wrong);
    const auto facts =
        experiments::model_facts(parameters, experiments::image_shape(tiny_data().spec()));
    const auto crop_pixels = static_cast<std::size_t>(facts.crop_height * facts.crop_width);
    EXPECT_EQ(looks.theta.size(), samples.size() * looks.glimpses * 6);
    EXPECT_EQ(looks.crops.size(),
              looks.glimpses == 0 ? 0 : samples.size() * looks.glimpses * crop_pixels);
  }
}

TEST(TorchEngine, ShowsTheImageItselfThroughTheIdentity) {
  const auto engine = make_engine(small("rnn-spn", {{"downsample", 1.0}}));  // of fresh weights
  const std::vector<std::uint32_t> samples = {5, 2};
  const Looks looks = engine->look(Split::kTest, samples);
  ASSERT_EQ(looks.glimpses, 2U);
  const auto images = tiny_data().splits()[2].images;
  const std::size_t pixels = looks.crop_height * looks.crop_width;
  ASSERT_EQ(pixels, 40U * 44);
  for (std::size_t i = 0; i < looks.crops.size(); ++i) {
    const auto pixel = images[samples[i / pixels / 2] * pixels + i % pixels];
    ASSERT_NEAR(looks.crops[i], std::to_integer<int>(pixel), 1) << i;
  }
  for (std::size_t i = 0; i < looks.theta.size(); ++i) {
    EXPECT_EQ(looks.theta[i], i % 6 == 0 || i % 6 == 4 ? 1 : 0);
  }
}

TEST(TorchEngine, HasNoBestWeightsBeforeSomeAreKept) {
  const auto engine = make_engine(small("conv"));
  EXPECT_THROW(engine->use(Weights::kBest), std::invalid_argument);
}

TEST(TorchEngine, RefusesTensorsOfAnotherTrialAndKeepsItsOwn) {
  const tests::TempDir folder;
  const auto engine = make_engine(small("ffn-spn"));
  train(*engine, 0, 1);
  const auto before = engine->save();
  const auto refusal = [&](const std::vector<SavedTensor>& tensors) -> std::string {
    try {
      engine->restore(through_a_file(tensors, folder));
    } catch (const storage::StorageError& error) {
      EXPECT_TRUE(are_equal(engine->save(), before));
      return error.what();
    }
    return "";
  };
  EXPECT_NE(refusal(make_engine(small("conv"))->save()).find("is missing"), std::string::npos);
  EXPECT_NE(refusal(make_engine(small("ffn-spn", {{"dense", 17.0}}))->save()).find("(16, "),
            std::string::npos);
  EXPECT_NE(refusal(make_engine(small("ffn-spn"), Precision::kDouble)->save()).find("F64"),
            std::string::npos);
  auto reversed = before;
  reversed.pop_back();
  EXPECT_NE(refusal(reversed), "");
}

}  // namespace
}  // namespace glimpse::worker
