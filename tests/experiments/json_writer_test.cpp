#include "experiments/json_writer.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "experiments/value.h"

namespace glimpse::experiments {
namespace {

std::string number(double value) {
  std::string text;
  append_json_number(text, value);
  return text;
}

double from_bits(std::uint64_t bits) {
  return std::bit_cast<double>(bits);
}

// The samples of RFC 8785, appendix B, by their IEEE 754 bits.
TEST(JsonNumber, AgreesWithTheSamplesOfTheStandard) {
  const struct {
    std::uint64_t bits;
    const char* text;
  } kSamples[] = {
      {0x0000000000000000, "0"},
      {0x8000000000000000, "0"},
      {0x0000000000000001, "5e-324"},
      {0x8000000000000001, "-5e-324"},
      {0x7fefffffffffffff, "1.7976931348623157e+308"},
      {0xffefffffffffffff, "-1.7976931348623157e+308"},
      {0x4340000000000000, "9007199254740992"},
      {0xc340000000000000, "-9007199254740992"},
      {0x4430000000000000, "295147905179352830000"},
      {0x44b52d02c7e14af5, "9.999999999999997e+22"},
      {0x44b52d02c7e14af6, "1e+23"},
      {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
      {0x444b1ae4d6e2ef4e, "999999999999999700000"},
      {0x444b1ae4d6e2ef4f, "999999999999999900000"},
      {0x444b1ae4d6e2ef50, "1e+21"},
      {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
      {0x3eb0c6f7a0b5ed8d, "0.000001"},
      {0x41b3de4355555553, "333333333.3333332"},
      {0x41b3de4355555554, "333333333.33333325"},
      {0x41b3de4355555555, "333333333.3333333"},
      {0x41b3de4355555556, "333333333.3333334"},
      {0x41b3de4355555557, "333333333.33333343"},
      {0xbecbf647612f3696, "-0.0000033333333333333333"},
      {0x43143ff3c1cb0959, "1424953923781206.2"},
  };
  for (const auto& sample : kSamples) {
    EXPECT_EQ(number(from_bits(sample.bits)), sample.text);
  }
}

TEST(JsonNumber, WritesEverydayNumbersAsPeopleDo) {
  EXPECT_EQ(number(0.1 + 0.2), "0.30000000000000004");
  EXPECT_EQ(number(1e-7), "1e-7");
  EXPECT_EQ(number(5e-4), "0.0005");
  EXPECT_EQ(number(1e20), "100000000000000000000");
  EXPECT_EQ(number(-0.0), "0");
  EXPECT_EQ(number(-12.5), "-12.5");
  EXPECT_EQ(number(300), "300");
}

TEST(JsonNumber, HasNoWordForWhatIsNoNumber) {
  EXPECT_EQ(number(std::numeric_limits<double>::quiet_NaN()), "null");
  EXPECT_EQ(number(-std::numeric_limits<double>::infinity()), "null");
}

RC_GTEST_PROP(JsonNumber, ReadsBackAsTheSameNumber, (std::uint64_t bits)) {
  const double value = from_bits(bits);
  RC_PRE(std::isfinite(value));
  RC_ASSERT(std::strtod(number(value).c_str(), nullptr) == value);
}

TEST(JsonString, EscapesWhatTheStandardWants) {
  std::string text;
  append_json_string(text, std::string_view("\"\\/\b\f\n\r\t\0\x1f\x7f\xE2\x82\xAC", 14));
  EXPECT_EQ(text, "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\x7f\xE2\x82\xAC\"");
}

TEST(JsonWriter, GoesOnBehindWhatWasTaken) {
  JsonWriter whole(2);
  JsonWriter parts(2);
  std::string text;
  whole.begin_array().integer(1).string("x").end_array();
  parts.begin_array().integer(1);
  text += parts.take();
  parts.string("x").end_array();
  EXPECT_EQ(text + parts.take(), whole.text());
  EXPECT_EQ(parts.text(), "");
}

TEST(JsonWriter, PutsCommasAndIndentsWhereTheyBelong) {
  JsonWriter line;
  line.begin_object().key("a").begin_array().number(1).null().end_array();
  line.key("b").begin_object().end_object().end_object();
  EXPECT_EQ(line.text(), R"({"a":[1,null],"b":{}})");
  JsonWriter lines(2);
  lines.begin_object().key("a").begin_array().boolean(true).integer(-2).end_array().end_object();
  EXPECT_EQ(lines.text(), "{\n  \"a\": [\n    true,\n    -2\n  ]\n}");
}

TEST(RenderJson, SortsNames) {
  EXPECT_EQ(render_json(Assignment{{"b", 1.0}, {"a_b", true}, {"a", "x"}, {"aB", 0.5}}),
            R"({"a":"x","aB":0.5,"a_b":true,"b":1})");
}

}  // namespace
}  // namespace glimpse::experiments
