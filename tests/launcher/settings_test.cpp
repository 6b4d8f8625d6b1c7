#include "launcher/settings.h"

#include <gtest/gtest.h>

#include "experiments/study_error.h"

namespace glimpse::launcher {
namespace {

SettingsSource file(const std::string& origin, experiments::SettingsFile content) {
  return {origin, std::move(content)};
}

TEST(Settings, TakesEachValueFromTheFirstPlaceThatSaysIt) {
  CommonOptions options;
  Environment environment;
  const std::vector<SettingsSource> files = {
      file("./glimpse.json", {.results = "project", .data_dir = {}, .color = {}, .offline = {}}),
      file("config.json",
           {.results = "user", .data_dir = "user-data", .color = "never", .offline = true})};
  EXPECT_EQ(make_settings(options, environment, {}).results.value, "./glimpse-results");
  EXPECT_EQ(make_settings(options, environment, {}).results.origin, "default");

  const Settings from_files = make_settings(options, environment, files);
  EXPECT_EQ(from_files.results.value, "project");
  EXPECT_EQ(from_files.results.origin, "./glimpse.json");
  EXPECT_EQ(from_files.data_dir.value, "user-data");
  EXPECT_EQ(from_files.colour.value, "never");
  EXPECT_TRUE(from_files.is_offline());

  environment.results = "environment";
  EXPECT_EQ(make_settings(options, environment, files).results.origin, "GLIMPSE_RESULTS");
  options.results = "flag";
  EXPECT_EQ(make_settings(options, environment, files).results.value, "flag");
}

TEST(Settings, LetsTheEnvironmentSwitchOfflineOffAgain) {
  Environment environment;
  environment.offline = "0";
  const std::vector<SettingsSource> files = {
      file("config.json", {.results = {}, .data_dir = {}, .color = {}, .offline = true})};
  EXPECT_FALSE(make_settings({}, environment, files).is_offline());
  environment.offline = "1";
  EXPECT_TRUE(make_settings({}, environment, {}).is_offline());
}

TEST(Settings, NamesTheOriginOfAValueThatIsNone) {
  Environment environment;
  environment.offline = "perhaps";
  EXPECT_THROW(make_settings({}, environment, {}), experiments::StudyError);
  environment = {};
  environment.colour = "green";
  try {
    make_settings({}, environment, {});
    FAIL();
  } catch (const experiments::StudyError& error) {
    EXPECT_EQ(error.source(), "GLIMPSE_COLOR");
  }
}

TEST(Settings, FindsTheCacheWhereXdgSays) {
  Environment environment;
  environment.home = "/home/me";
  EXPECT_EQ(cache_dir(environment), "/home/me/.cache/glimpse");
  environment.xdg_cache_home = "/scratch/cache";
  EXPECT_EQ(cache_dir(environment), "/scratch/cache/glimpse");
  environment.xdg_cache_home = "relative";  // to be ignored, says the specification
  EXPECT_EQ(cache_dir(environment), "/home/me/.cache/glimpse");
}

TEST(UseColour, FollowsFlagThenNoColorThenForceThenTerminal) {
  Environment environment;
  EXPECT_TRUE(use_colour("auto", environment, true));
  EXPECT_FALSE(use_colour("auto", environment, false));
  environment.term = "dumb";
  EXPECT_FALSE(use_colour("auto", environment, true));
  environment.clicolor_force = "1";
  EXPECT_TRUE(use_colour("auto", environment, false));
  environment.clicolor_force = "0";
  EXPECT_FALSE(use_colour("auto", environment, false));
  environment = {};
  environment.clicolor_force = "1";
  environment.no_color = "x";
  EXPECT_FALSE(use_colour("auto", environment, true));
  EXPECT_TRUE(use_colour("always", environment, false));
  EXPECT_FALSE(use_colour("never", {}, true));
}

}  // namespace
}  // namespace glimpse::launcher
