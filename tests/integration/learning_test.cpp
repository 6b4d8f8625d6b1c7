// Each network of Table 1 learns to read digits that it has never seen, in under a minute of
// training for all three: small images, narrow networks.

#include <algorithm>
#include <array>
#include <cstdio>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "experiments/recipes/split.h"
#include "storage/hdf5/dataset_reader.h"
#include "tests/integration/glimpse_runner.h"

namespace glimpse::tests {
namespace {

constexpr const char* kStudy = R"({
  "name": "learning",
  "dataset": {"source": "builtin", "width": 44, "height": 40, "digits": 2, "digit_side": 16,
              "patches": 0, "train": 3000, "valid": 400, "test": 400},
  "parameters": {"model": {"values": ["rnn-spn", "ffn-spn", "conv"]}, "downsample": {"value": 1},
                 "filters": {"value": 12}, "dense": {"value": 64}, "batch_size": {"value": 20},
                 "learning_rate": {"value": 0.001}, "dropout": {"value": 0},
                 "epochs": {"value": 8}},
  "table": {"rows": "model", "metric": "test_error"}
})";

// Per cent of test digits that are wrong where the network does not see the image: the best that it
// can do is to say, for each place in the sequence, the digit that is the most frequent there.
double blind_error(const std::string& dataset) {
  const storage::DatasetReader reader(dataset);
  const storage::SplitData test = reader.load(experiments::split_index(experiments::Split::kTest));
  const std::size_t places = test.labels.size() / test.count;
  std::uint64_t right = 0;
  for (std::size_t place = 0; place < places; ++place) {
    std::array<std::uint64_t, 10> counts{};
    for (std::size_t i = place; i < test.labels.size(); i += places) {
      ++counts.at(std::to_integer<std::size_t>(test.labels[i]));
    }
    right += *std::ranges::max_element(counts);
  }
  return 100 - 100 * static_cast<double>(right) / static_cast<double>(test.labels.size());
}

TEST(Learning, EveryNetworkReadsWhatABlindOneCannot) {
  const GlimpseRunner runner;
  save_bytes(runner.folder() / "learning.json", kStudy);
  const RunResult run = runner.run({"run", "./learning.json"});
  ASSERT_EQ(run.status, 0) << run.err;
  const double blind = blind_error(runner.build_dataset({"width=44",
                                                         "height=40",
                                                         "digits=2",
                                                         "digit_side=16",
                                                         "patches=0",
                                                         "train=3000",
                                                         "valid=400",
                                                         "test=400"}));
  EXPECT_GT(blind, 85);
  std::istringstream cells(runner
                               .run({"query",
                                     "select mean, parameters from v_cells where name = "
                                     "'test_error'",
                                     "--format",
                                     "csv"})
                               .out);
  int networks = 0;
  std::string line;
  std::getline(cells, line);
  while (std::getline(cells, line)) {
    ++networks;
    std::printf("%.1f %% blind, %s\n", blind, line.c_str());
    EXPECT_LT(std::stod(line), 65) << line;
  }
  EXPECT_EQ(networks, 3);
}

}  // namespace
}  // namespace glimpse::tests
