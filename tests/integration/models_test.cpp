#include <gtest/gtest.h>

#include "tests/integration/glimpse_runner.h"
#include "tests/integration/json_value.h"

namespace glimpse::tests {
namespace {

struct Size {
  std::string model;
  double downsample = 0;  // 0: has none
  double parameters = 0;
  double mflop = 0;
};

// As published with the models' facts; 30 FLOP per sampled pixel, rounded to 0.1 MFLOP.
const std::vector<Size> kSizes = {{"rnn-spn", 1, 7118800, 211.5},
                                  {"rnn-spn", 2, 2510800, 55.2},
                                  {"rnn-spn", 3, 1678800, 26.8},
                                  {"rnn-spn", 4, 1525200, 19.6},
                                  {"ffn-spn", 1, 17446716, 495.9},
                                  {"ffn-spn", 2, 3622716, 109.6},
                                  {"ffn-spn", 3, 1126716, 39.2},
                                  {"ffn-spn", 4, 665916, 20.9},
                                  {"conv", 0, 17113870, 490.1}};

TEST(Models, HaveTheirPublishedSizes) {
  const JsonValue json(GlimpseRunner().run({"models", "--json"}).out);
  ASSERT_EQ(json.size("/models"), kSizes.size());
  for (std::size_t i = 0; i < kSizes.size(); ++i) {
    const std::string row = "/models/" + std::to_string(i);
    EXPECT_EQ(json.text(row + "/model"), kSizes[i].model);
    EXPECT_EQ(json.number(row + "/parameters"), kSizes[i].parameters);
    EXPECT_NEAR(json.number(row + "/mflop"), kSizes[i].mflop, 0.05) << kSizes[i].model;
    if (kSizes[i].downsample > 0) {
      EXPECT_EQ(json.number(row + "/downsample"), kSizes[i].downsample);
    }
  }
}

TEST(Models, PrintInEveryFormat) {
  const GlimpseRunner glimpse;
  EXPECT_EQ(glimpse.run({"models", "--format", "csv"}).out.rfind("model,downsample,", 0), 0U);
  EXPECT_EQ(glimpse.run({"models", "--format", "jsonl"}).out.rfind("{\"model\":\"rnn-spn\"", 0),
            0U);
  EXPECT_EQ(glimpse.run({"models", "--format", "md"}).out.rfind("| model | downsample |", 0), 0U);
}

TEST(Models, ListTheParametersOfOne) {
  const GlimpseRunner glimpse;
  const std::string conv = glimpse.run({"models", "conv"}).out;
  EXPECT_NE(conv.find("learning_rate"), std::string::npos);
  EXPECT_EQ(conv.find("downsample"), std::string::npos);  // has no meaning there
  EXPECT_NE(glimpse.run({"models", "rnn-spn"}).out.find("downsample"), std::string::npos);
}

TEST(Models, NameTheNearest) {
  const RunResult result = GlimpseRunner().run({"models", "rnn-spm"});
  EXPECT_EQ(result.status, 2);
  EXPECT_NE(result.err.find("did you mean \"rnn-spn\"?"), std::string::npos) << result.err;
}

}  // namespace
}  // namespace glimpse::tests
