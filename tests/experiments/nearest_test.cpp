#include "experiments/nearest.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace glimpse::experiments {
namespace {

const std::vector<std::string> kNames{"dropout", "downsample", "learning_rate", "seed", "seeds"};

TEST(EditDistance, CountsSlips) {
  EXPECT_EQ(edit_distance("", ""), 0);
  EXPECT_EQ(edit_distance("abc", ""), 3);
  EXPECT_EQ(edit_distance("droput", "dropout"), 1);
  EXPECT_EQ(edit_distance("dorpout", "dropout"), 1) << "a swap of neighbours is one slip";
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3);
}

TEST(NearestName, FindsWhatWasMeant) {
  EXPECT_EQ(nearest_name("droput", kNames), "dropout");
  EXPECT_EQ(nearest_name("Dropout", kNames), "dropout");
  EXPECT_EQ(nearest_name("learning-rate", kNames), "learning_rate");
  EXPECT_EQ(nearest_name("sed", kNames), "seed") << "the first of equals";
}

TEST(NearestName, IsSilentWhereNothingIsNear) {
  EXPECT_EQ(nearest_name("momentum", kNames), std::nullopt);
  EXPECT_EQ(nearest_name("x", kNames), std::nullopt);
  EXPECT_EQ(nearest_name("", kNames), std::nullopt);
  EXPECT_EQ(nearest_name(std::string(1'000'000, 'a'), kNames), std::nullopt);
  EXPECT_EQ(did_you_mean("momentum", kNames), "");
}

TEST(NearestName, IsPutBehindAComplaint) {
  EXPECT_EQ(did_you_mean("droput", kNames), R"( (did you mean "dropout"?))");
}

TEST(Nearest, ListsAFewNamesWhereNoneIsNear) {
  const std::vector<std::string> names = {"conv", "ffn-spn"};
  EXPECT_EQ(did_you_mean_any("cov", names), " (did you mean \"conv\"?)");
  EXPECT_EQ(did_you_mean_any("transformer", names), " (there are conv, ffn-spn)");
  EXPECT_EQ(did_you_mean_any("transformer", {}), "");
  const std::vector<std::string> many(11, "x");
  EXPECT_EQ(did_you_mean_any("transformer", many),
            " (there are x, x, x, x, x, x, x, x, x, x, ...)");
}

}  // namespace
}  // namespace glimpse::experiments
