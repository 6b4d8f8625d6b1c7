#include "experiments/philox.h"

#include <cmath>
#include <set>
#include <vector>

#include <gtest/gtest.h>

namespace glimpse::experiments {
namespace {

// The three vectors of Random123's kat_vectors for "philox4x32 10".
static_assert(philox4x32({0, 0, 0, 0}, {0, 0}) ==
              PhiloxCounter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
static_assert(philox4x32({~0U, ~0U, ~0U, ~0U}, {~0U, ~0U}) ==
              PhiloxCounter{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
static_assert(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
                         {0xa4093822, 0x299f31d0}) ==
              PhiloxCounter{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});

TEST(Philox, GivesThePublishedAnswersAtRunTimeToo) {
  volatile std::uint32_t zero = 0;
  const std::uint32_t word = zero;
  EXPECT_EQ(philox4x32({word, word, word, word}, {word, word}),
            (PhiloxCounter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
}

TEST(RandomStream, CountsBlocksInTheFirstWord) {
  const std::uint64_t seed = 0x299f31d0a4093822;
  RandomStream stream(seed, Purpose::kOrder, 7, 5);
  for (std::uint32_t block = 0; block < 3; ++block) {
    const PhiloxCounter expected = philox4x32({block, 5, 7, 2}, {0xa4093822, 0x299f31d0});
    for (const std::uint32_t word : expected) {
      EXPECT_EQ(stream.next_u32(), word);
    }
  }
}

TEST(RandomStream, DependsOnEveryPartOfItsName) {
  std::set<std::uint32_t> firsts;
  for (const std::uint64_t seed : {std::uint64_t{1}, std::uint64_t{1} << 32}) {
    for (const Purpose purpose : {Purpose::kOrder, Purpose::kDropout}) {
      for (const std::uint32_t epoch : {1U, 2U}) {
        for (const std::uint32_t index : {1U, 2U}) {
          firsts.insert(RandomStream(seed, purpose, epoch, index).next_u32());
        }
      }
    }
  }
  EXPECT_EQ(firsts.size(), 16U);
}

std::vector<std::uint32_t> draw(RandomStream& stream, std::size_t count) {
  std::vector<std::uint32_t> numbers(count);
  for (std::uint32_t& number : numbers) {
    number = stream.next_u32();
  }
  return numbers;
}

// A block holds four numbers, so small counts reach every way to begin and end within one.
constexpr std::size_t kFew = 14;

TEST(RandomStream, SkipsToTheNumberThatDrawingReaches) {
  for (std::size_t drawn = 0; drawn < kFew; ++drawn) {
    for (std::size_t skipped = 0; skipped < kFew; ++skipped) {
      RandomStream drawing(1, Purpose::kDropout, 2, 3);
      draw(drawing, drawn + skipped);
      RandomStream skipping(1, Purpose::kDropout, 2, 3);
      draw(skipping, drawn);
      skipping.skip(skipped);
      EXPECT_EQ(draw(skipping, 6), draw(drawing, 6))
          << drawn << " drawn, " << skipped << " skipped";
    }
  }
}

TEST(RandomStream, FillsWithTheNumbersThatDrawingGives) {
  for (std::size_t drawn = 0; drawn < kFew; ++drawn) {
    for (std::size_t filled = 0; filled < kFew; ++filled) {
      RandomStream drawing(1, Purpose::kDropout, 2, 3);
      draw(drawing, drawn);
      RandomStream filling = drawing;
      std::vector<std::uint32_t> numbers(filled);
      filling.fill(numbers);
      EXPECT_EQ(numbers, draw(drawing, filled)) << drawn << " drawn, " << filled << " filled";
      EXPECT_EQ(draw(filling, 6), draw(drawing, 6)) << drawn << " drawn, " << filled << " filled";
    }
  }
}

TEST(RandomStream, DrawsRealsFromTheHighBits) {
  RandomStream words(1, Purpose::kSearch, 0, 0);
  RandomStream reals(1, Purpose::kSearch, 0, 0);
  EXPECT_EQ(reals.uniform(), std::ldexp(words.next_u32() >> 8, -24));
  const std::uint64_t high = words.next_u32();
  const std::uint64_t both = high << 32 | words.next_u32();
  EXPECT_EQ(reals.uniform53(), std::ldexp(static_cast<double>(both >> 11), -53));
}

TEST(RandomStream, DrawsWholeNumbersBelowTheBound) {
  RandomStream words(1, Purpose::kSearch, 0, 0);
  RandomStream numbers(1, Purpose::kSearch, 0, 0);
  for (const std::uint32_t bound : {1U, 2U, 10U, 60000U, ~0U}) {
    const std::uint64_t product = std::uint64_t{words.next_u32()} * bound;
    EXPECT_EQ(numbers.below(bound), product >> 32);
  }
  EXPECT_EQ(numbers.below(0), 0U);
}

TEST(RandomStream, FillsTheUnitIntervalEvenly) {
  RandomStream stream(3, Purpose::kSearch, 0, 0);
  constexpr int kCount = 200000;
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < kCount; ++i) {
    const double x = stream.uniform();
    ASSERT_GE(x, 0);
    ASSERT_LT(x, 1);
    sum += x;
    squares += x * x;
  }
  // Standard errors are 0.00065 and 0.00067.
  EXPECT_NEAR(sum / kCount, 1.0 / 2, 0.003);
  EXPECT_NEAR(squares / kCount, 1.0 / 3, 0.003);
}

TEST(RandomStream, DrawsNormalsOfUnitVariance) {
  RandomStream stream(3, Purpose::kSearch, 0, 1);
  constexpr int kCount = 200000;
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < kCount; ++i) {
    const double x = stream.normal();
    ASSERT_TRUE(std::isfinite(x));
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(sum / kCount, 0, 0.01);
  EXPECT_NEAR(squares / kCount, 1, 0.015);
}

// As Python's statistics.NormalDist().inv_cdf prints them; points in each of the three pieces.
TEST(NormalQuantile, AgreesWithPublishedPercentagePoints) {
  EXPECT_EQ(normal_quantile(0.5), 0);
  EXPECT_NEAR(normal_quantile(0.25), -0.6744897501960817, 1e-15);
  EXPECT_NEAR(normal_quantile(0.975), 1.9599639845400536, 1e-14);
  EXPECT_NEAR(normal_quantile(0.001), -3.090232306167813, 1e-14);
  EXPECT_NEAR(normal_quantile(1e-20), -9.262340089798405, 1e-13);
}

}  // namespace
}  // namespace glimpse::experiments
