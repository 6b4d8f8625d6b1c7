#include "experiments/json/settings_json.h"

#include <gtest/gtest.h>

#include "experiments/study_error.h"

namespace glimpse::experiments {
namespace {

std::vector<Issue> issues_of(const std::string& text) {
  try {
    parse_settings(text, "glimpse.json");
  } catch (const StudyError& error) {
    return error.issues();
  }
  return {};
}

TEST(SettingsJson, ReadsEveryKeyAndLeavesTheRestUnset) {
  const SettingsFile all = parse_settings(
      R"({"results": "r", "data_dir": "d", "color": "never", "offline": true})", "glimpse.json");
  EXPECT_EQ(all.results, "r");
  EXPECT_EQ(all.data_dir, "d");
  EXPECT_EQ(all.color, "never");
  EXPECT_EQ(all.offline, true);
  const SettingsFile none = parse_settings("{}  // nothing yet", "glimpse.json");
  EXPECT_FALSE(none.results || none.data_dir || none.color || none.offline);
}

TEST(SettingsJson, ListsEveryMistakeWithItsPlace) {
  const auto issues = issues_of("{\"reslts\": \"r\",\n \"color\": \"green\", \"offline\": 1}");
  ASSERT_EQ(issues.size(), 3U);
  EXPECT_EQ(issues[0].pointer, "/reslts");
  EXPECT_NE(issues[0].message.find("did you mean \"results\"?"), std::string::npos);
  EXPECT_EQ(issues[1].pointer, "/color");
  EXPECT_EQ(issues[1].line, 2);
  EXPECT_EQ(issues[2].pointer, "/offline");
}

TEST(SettingsJson, RefusesWhatIsNoObject) {
  EXPECT_EQ(issues_of("[]").size(), 1U);
  EXPECT_EQ(issues_of("{").size(), 1U);
}

}  // namespace
}  // namespace glimpse::experiments
