#include "worker/crops.h"

#include <array>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/storage/hdf5/dataset_samples.h"
#include "tests/support/temp_dir.h"
#include "tests/worker/fake_engine.h"

namespace glimpse::worker {
namespace {

using experiments::Split;

class MakeCrops : public testing::Test {
 protected:
  MakeCrops() {
    tests::write_sample(folder_ / "data.h5");
    shelf_.open(folder_ / "data.h5");
    engine_.keep_best();
    engine_.train_step(std::array{1U, 2U});
  }

  [[nodiscard]] static CropsRequest request() {
    return {.key = std::string(32, 'a') + std::string(32, 'b'),
            .seed = 4,
            .parameters = {{"sampler", std::string("border")}}};
  }

  tests::TempDir folder_;
  DatasetShelf shelf_;
  FakeEngine engine_;
};

TEST_F(MakeCrops, TakesTheFirstImagesAsTheyAre) {
  CropsRequest request = MakeCrops::request();
  request.split = Split::kTrain;
  const storage::Crops crops = make_crops(engine_, shelf_, request);
  const std::vector<std::uint8_t> all = tests::sample_images(shelf_.info(), 0);
  ASSERT_EQ(crops.shape.count, 24U);
  EXPECT_EQ(crops.images, std::vector(all.begin(), all.begin() + 24 * 24 * 32));
  const std::vector<std::uint8_t> labels = tests::sample_labels(shelf_.info(), 0);
  EXPECT_EQ(crops.labels, std::vector(labels.begin(), labels.begin() + 48));
  EXPECT_EQ(crops.index.front(), 0U);
  EXPECT_EQ(crops.index.back(), 23U);
  EXPECT_EQ(crops.run_id, std::string(32, 'a'));
  EXPECT_EQ(crops.split, "train");
}

TEST_F(MakeCrops, IsContentWithASmallSplit) {
  EXPECT_EQ(make_crops(engine_, shelf_, request()).shape.count, 9U);
}

TEST_F(MakeCrops, BeginsALongerListWithAShorterOne) {
  CropsRequest request = MakeCrops::request();
  request.split = Split::kTrain;
  const storage::Crops shorter = make_crops(engine_, shelf_, request);
  request.images = 40;
  const storage::Crops longer = make_crops(engine_, shelf_, request);
  ASSERT_EQ(longer.predictions.size(), 80U);
  EXPECT_EQ(shorter.predictions,
            std::vector(longer.predictions.begin(), longer.predictions.begin() + 48));
}

TEST_F(MakeCrops, PutsBoxesAroundGlimpses) {
  const storage::Crops crops = make_crops(engine_, shelf_, request());
  ASSERT_EQ(crops.boxes.size(), 9U * 4);
  EXPECT_EQ(std::vector(crops.boxes.begin(), crops.boxes.begin() + 4),
            (std::vector<float>{7.75, 5.75, 23.25, 17.25}));
  storage::write_crops(folder_ / "crops.h5", crops);
  EXPECT_EQ(storage::load_crops(folder_ / "crops.h5"), crops);
}

TEST_F(MakeCrops, UsesTheWeightsAskedForAndLeavesTheCurrentOnes) {
  const storage::Crops best = make_crops(engine_, shelf_, request());
  CropsRequest request = MakeCrops::request();
  request.weights = Weights::kCurrent;
  const storage::Crops last = make_crops(engine_, shelf_, request);
  EXPECT_NE(best.predictions, last.predictions);
  EXPECT_EQ(best.weights, "best");
  EXPECT_EQ(last.weights, "last");
  EXPECT_EQ(engine_.take_evaluation(), Totals()) << "nothing is left for the next evaluation";
  const std::vector<std::uint32_t> first = {0};
  EXPECT_EQ(engine_.look(Split::kTest, first).predictions[0], last.predictions[0]);
}

TEST_F(MakeCrops, SaysWhichTrialItIsOf) {
  EXPECT_EQ(make_crops(engine_, shelf_, request()).config,
            R"({"key":")" + request().key + R"(","dataset":")" + shelf_.info().identity +
                R"(","seed":4,"parameters":{"sampler":"border"}})");
}

}  // namespace
}  // namespace glimpse::worker
