#include "launcher/output.h"

#include <gtest/gtest.h>

#include "tests/launcher/fake_env.h"

namespace glimpse::launcher {
namespace {

std::vector<Section> two_sections() {
  return {{"first", "", {{"a"}, {{std::int64_t{1}}}}},
          {"second", "More", {{"b"}, {{std::string("x")}}}},
          {"third", "Nothing", {{"c"}, {}}}};
}

std::string print(const OutputOptions& output) {
  tests::FakeEnv fake;
  print_sections("show", two_sections(), output, fake.env);
  return fake.out.str();
}

TEST(PrintSections, ShowsPeopleEverySectionThatHasRows) {
  EXPECT_EQ(print({}), "a\n1\n\nMore\nb\nx\n");
}

TEST(PrintSections, PrintsOnlyTheFirstUnderFormat) {
  EXPECT_EQ(print({.format = "csv", .is_json = false}), "a\r\n1\r\n");
}

TEST(PrintSections, PutsEverySectionIntoOneVersionedObject) {
  const std::string text = print({.format = "", .is_json = true});
  EXPECT_EQ(text.find("{\n  \"version\": 1,\n  \"command\": \"show\",\n  \"first\": ["), 0U)
      << text;
  EXPECT_NE(text.find("\"third\": []\n}"), std::string::npos) << text;
}

}  // namespace
}  // namespace glimpse::launcher
