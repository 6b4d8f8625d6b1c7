#include "experiments/units.h"

#include <cstdint>

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace glimpse::experiments {
namespace {

TEST(Duration, IsReadInEveryUnit) {
  EXPECT_EQ(parse_duration("90s"), 90);
  EXPECT_EQ(parse_duration("10m"), 600);
  EXPECT_EQ(parse_duration("8h"), 28800);
  EXPECT_EQ(parse_duration("2d"), 172800);
  EXPECT_EQ(parse_duration("1.5h"), 5400);
  EXPECT_EQ(parse_duration("0s"), 0);
}

TEST(Duration, IsRefusedWithoutUnitWithSignAndWithAnythingElse) {
  for (const char* text : {"",
                           "s",
                           "90",
                           "-1s",
                           "+1s",
                           "1e3s",
                           "1 s",
                           "1ss",
                           "1.s",
                           ".5s",
                           "nans",
                           "infs",
                           "1w",
                           "36600d",
                           "0x10s"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

TEST(Duration, IsRenderedInTheLargestWholeUnit) {
  EXPECT_EQ(render_duration(90), "90s");
  EXPECT_EQ(render_duration(600), "10m");
  EXPECT_EQ(render_duration(86400), "1d");
  EXPECT_EQ(render_duration(0.25), "0.25s");
  EXPECT_EQ(render_duration(0), "0s");
}

TEST(Duration, ReadsBackExactly) {
  EXPECT_TRUE(rc::check([] {
    const double numerator = *rc::gen::inRange(0, 2'000'000'000);
    const double seconds = numerator / *rc::gen::inRange(1, 1'000'000);
    RC_ASSERT(parse_duration(render_duration(seconds)) == seconds);
  }));
}

TEST(Size, IsReadInEveryUnit) {
  EXPECT_EQ(parse_size("16GiB"), std::uint64_t{16} << 30);
  EXPECT_EQ(parse_size("512MiB"), std::uint64_t{512} << 20);
  EXPECT_EQ(parse_size("1KiB"), 1024U);
  EXPECT_EQ(parse_size("2TiB"), std::uint64_t{2} << 40);
  EXPECT_EQ(parse_size("7B"), 7U);
}

TEST(Size, IsRefusedWhereItDoesNotFitOrIsNoWholeNumber) {
  EXPECT_TRUE(parse_size("8388607TiB"));
  for (const char* text : {"",
                           "16",
                           "16GB",
                           "-1B",
                           "1.5GiB",
                           "GiB",
                           "8388608TiB",
                           "99999999999999999999B",
                           "1 GiB",
                           "1GiBs"}) {
    EXPECT_FALSE(parse_size(text)) << text;
  }
}

TEST(Size, ReadsBackExactly) {
  EXPECT_TRUE(rc::check([] {
    const auto bytes = *rc::gen::arbitrary<std::uint64_t>() >> 1;
    RC_ASSERT(parse_size(render_size(bytes)) == bytes);
  }));
  EXPECT_EQ(render_size(std::uint64_t{16} << 30), "16GiB");
  EXPECT_EQ(render_size(1000), "1000B");
}

}  // namespace
}  // namespace glimpse::experiments
