// What holds for every verb: streams, colour, exit codes, signals, settings.

#include <gtest/gtest.h>

#include "tests/integration/glimpse_runner.h"
#include "tests/integration/json_value.h"

namespace glimpse::tests {
namespace {

constexpr const char* kVersionLine = "glimpse 0.";

TEST(Habits, PrintAnOverviewAndExit2WithoutAVerb) {
  const RunResult result = GlimpseRunner().run({});
  EXPECT_EQ(result.status, 2);
  EXPECT_EQ(result.out, "");
  EXPECT_NE(result.err.find("Usage: glimpse COMMAND"), std::string::npos);
}

TEST(Habits, NameTheNearestVerbAndExit2) {
  const RunResult result = GlimpseRunner().run({"stauts"});
  EXPECT_EQ(result.status, 2);
  EXPECT_NE(result.err.find("did you mean \"status\"?"), std::string::npos) << result.err;
}

TEST(Habits, TellTheVersionAsTextFlagAndJson) {
  const GlimpseRunner glimpse;
  EXPECT_EQ(glimpse.run({"version"}).out.rfind(kVersionLine, 0), 0U);
  EXPECT_EQ(glimpse.run({"--version"}).out, "0.1.0\n");
  const JsonValue json(glimpse.run({"version", "--json"}).out);
  EXPECT_EQ(json.number("/version"), 1);
  EXPECT_EQ(json.text("/command"), "version");
  EXPECT_EQ(json.text("/glimpse"), "0.1.0");
  EXPECT_EQ(json.text("/hdf5").substr(0, 2), "1.");
  EXPECT_EQ(json.text("/sqlite").substr(0, 2), "3.");
}

TEST(Habits, ColourOnlyWhereItIsWanted) {
  GlimpseRunner glimpse;
  const auto has_colour = [&](const std::vector<std::string>& arguments) {
    return glimpse.run(arguments).out.find('\x1b') != std::string::npos;
  };
  EXPECT_FALSE(has_colour({"models"}));
  EXPECT_TRUE(has_colour({"models", "--color=always"}));
  glimpse.set("CLICOLOR_FORCE", "1");
  EXPECT_TRUE(has_colour({"models"}));
  EXPECT_FALSE(has_colour({"models", "--color=never"}));
  EXPECT_FALSE(has_colour({"models", "--json"}));
  glimpse.set("NO_COLOR", "1");
  EXPECT_FALSE(has_colour({"models"}));
}

TEST(Habits, ColourOnATerminalUnlessItIsDumb) {
  GlimpseRunner glimpse;
  // `script` runs the program on a terminal of its own.
  const std::string line = "script -qec \"$GLIMPSE models\" /dev/null";
  glimpse.set("TERM", "xterm");
  EXPECT_NE(glimpse.shell(line).out.find("\x1b[1m"), std::string::npos);
  glimpse.set("TERM", "dumb");
  EXPECT_EQ(glimpse.shell(line).out.find("\x1b[1m"), std::string::npos);
}

TEST(Habits, KeepTablesWithinTheScreen) {
  GlimpseRunner glimpse;
  glimpse.set("COLUMNS", "100");
  std::istringstream lines(glimpse.run({"models", "rnn-spn"}).out);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(line.size(), 100U) << line;
  }
}

TEST(Habits, EndQuietlyWhenNobodyReadsOn) {
  const RunResult result = GlimpseRunner().shell(
      "$GLIMPSE plan table1 --trials -q --format jsonl | head -n 1; echo ${PIPESTATUS[0]}");
  EXPECT_EQ(result.err, "");
  const std::string status = result.out.substr(result.out.find('\n') + 1);
  EXPECT_TRUE(status == "141\n" || status == "0\n") << status;
}

TEST(Habits, SayWhenStdoutIsFull) {
  const RunResult result = GlimpseRunner().shell("$GLIMPSE models > /dev/full");
  EXPECT_EQ(result.status, 74);
  EXPECT_NE(result.err.find("stdout"), std::string::npos);
}

TEST(Habits, TakeSettingsFromFlagThenEnvironmentThenProjectThenUser) {
  GlimpseRunner glimpse;
  const auto origin = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"schema", "-v"});
    return glimpse.run(arguments).err;
  };
  EXPECT_NE(origin({}).find("./glimpse-results (default)"), std::string::npos);
  std::filesystem::create_directories(glimpse.folder() / "home/.config/glimpse");
  save_bytes(glimpse.folder() / "home/.config/glimpse/config.json", R"({"results": "u"})");
  EXPECT_NE(origin({}).find("folder: u ("), std::string::npos) << origin({});
  save_bytes(glimpse.folder() / "glimpse.json", "{\"results\": \"p\" /* of the project */}");
  EXPECT_NE(origin({}).find("p (./glimpse.json)"), std::string::npos);
  glimpse.set("GLIMPSE_RESULTS", "e");
  EXPECT_NE(origin({}).find("e (GLIMPSE_RESULTS)"), std::string::npos);
}

TEST(Habits, RefuseASettingsFileWithUnknownKeys) {
  const GlimpseRunner glimpse;
  save_bytes(glimpse.folder() / "glimpse.json", R"({"result": "x"})");
  const RunResult result = glimpse.run({"schema"});
  EXPECT_EQ(result.status, 78);
  EXPECT_NE(result.err.find("./glimpse.json:1:2: /result: "), std::string::npos) << result.err;
  EXPECT_NE(result.err.find("did you mean \"results\"?"), std::string::npos) << result.err;
}

TEST(Habits, KeepQuietWhenAsked) {
  const GlimpseRunner glimpse;
  const std::vector<std::string> build = {
      "dataset", "build", "source=builtin", "train=20", "valid=10", "test=10", "-q"};
  EXPECT_EQ(glimpse.run(build).err, "");
}

}  // namespace
}  // namespace glimpse::tests
