#include "worker/position.h"

#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include "storage/safetensors/tensor_file.h"
#include "tests/support/temp_dir.h"
#include "tests/worker/saved_tensors.h"
#include "worker/epoch_report.h"

namespace glimpse::worker {
namespace {

Position sample() {
  return {.epoch = 3,
          .step_in_epoch = 17,
          .step = 1217,
          .best_epoch = 2,
          .best_valid_error = 0.1 + 0.2,
          .totals = {.outputs = {.images = 1700,
                                 .digits = 5100,
                                 .wrong_digits = 12,
                                 .wrong_sequences = 9,
                                 .loss = 1.0 / 3},
                     .steps = 17,
                     .clipped = 4,
                     .gradient_norm = 1e-300}};
}

std::string problem(std::map<std::string, std::string> counters) {
  try {
    static_cast<void>(parse_counters(counters));
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

TEST(Position, ComesBackToTheLastBit) {
  EXPECT_EQ(parse_counters(render_counters(sample())), sample());
  EXPECT_EQ(parse_counters(render_counters({})), Position());
}

TEST(Position, RefusesCountersThatMakeNoSense) {
  for (const auto& [name, value] : render_counters(sample())) {
    auto counters = render_counters(sample());
    counters.erase(name);
    EXPECT_EQ(problem(counters), "its counter '" + name + "' is missing");
    for (const std::string bad : {"", "-1", "1x", "nan", "inf", " 1", "1e999"}) {
      counters[name] = bad;
      EXPECT_EQ(problem(counters), "its counter '" + name + "' is '" + bad + "'");
    }
  }
  auto counters = render_counters(sample());
  counters["epoch"] = "0";
  EXPECT_NE(problem(counters), "");
}

EpochReport report(int epoch, double loss) {
  return {.epoch = epoch,
          .metrics = {{"loss", loss}, {"valid_error", 1.0 / epoch}},
          .timings = {{"seconds_train", 1}},
          .weights_hash = 0xfedcba9876543210 + static_cast<std::uint64_t>(epoch)};
}

storage::TensorFile write_reports(const std::vector<EpochReport>& reports,
                                  const tests::TempDir& folder) {
  return through_a_file(save_reports(reports), folder);
}

TEST(EpochReports, ComeBackWithoutTheirTimings) {
  const tests::TempDir folder;
  const auto file = write_reports({report(1, 0.1 + 0.2), report(2, -0.0)}, folder);
  const std::vector<EpochReport> loaded = load_reports(file, 2);
  ASSERT_EQ(loaded.size(), 2U);
  for (int epoch = 1; epoch <= 2; ++epoch) {
    const EpochReport& back = loaded.at(static_cast<std::size_t>(epoch) - 1);
    const EpochReport told = report(epoch, epoch == 1 ? 0.1 + 0.2 : -0.0);
    EXPECT_EQ(back.epoch, epoch);
    EXPECT_EQ(back.metrics, told.metrics);
    EXPECT_TRUE(back.timings.empty());
    EXPECT_EQ(back.weights_hash, told.weights_hash);
  }
}

TEST(EpochReports, AreThoseOfAllEpochsOrRefused) {
  const tests::TempDir folder;
  EXPECT_TRUE(load_reports(write_reports({}, folder), 0).empty());
  EXPECT_THROW(load_reports(write_reports({}, folder), 1), std::invalid_argument);
  EXPECT_THROW(load_reports(write_reports({report(1, 1)}, folder), 2), std::invalid_argument);
}

}  // namespace
}  // namespace glimpse::worker
