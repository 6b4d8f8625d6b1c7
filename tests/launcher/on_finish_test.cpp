#include "launcher/on_finish.h"

#include <sstream>

#include <gtest/gtest.h>

#include "tests/support/temp_dir.h"

namespace glimpse::launcher {
namespace {

struct Said {
  std::ostringstream text;
  Log log{text, Verbosity::kNormal, false};
};

TEST(OnFinish, PassesTheCommandToAShellAsOneWord) {
  const auto arguments =
      on_finish_arguments("mail $USER; true", {.study = "a b", .results = "/r s", .exit = 3});
  const std::vector<std::string> expected = {"env",
                                             "GLIMPSE_STUDY=a b",
                                             "GLIMPSE_RESULTS=/r s",
                                             "GLIMPSE_EXIT=3",
                                             "sh",
                                             "-c",
                                             "mail $USER; true"};
  EXPECT_EQ(arguments, expected);
}

TEST(OnFinish, NamesTheResultsFromTheRoot) {
  const auto arguments = on_finish_arguments("true", {.results = "glimpse-results"});
  EXPECT_EQ(arguments.at(2),
            "GLIMPSE_RESULTS=" + (std::filesystem::current_path() / "glimpse-results").string());
}

TEST(OnFinish, RunsTheCommand) {
  const tests::TempDir dir;
  Said said;
  run_on_finish("echo $GLIMPSE_STUDY $GLIMPSE_EXIT > \"$GLIMPSE_RESULTS/note\"",
                {.study = "table1", .results = dir.path(), .exit = 75},
                said.log);
  EXPECT_EQ(tests::load_bytes(dir / "note"), "table1 75\n");
  EXPECT_EQ(said.text.str(), "");
}

TEST(OnFinish, WarnsWhenItFails) {
  Said said;
  run_on_finish("exit 9", {}, said.log);
  EXPECT_NE(said.text.str().find("'exit 9' ended with 9"), std::string::npos) << said.text.str();
  run_on_finish("kill -KILL $$", {}, said.log);
  EXPECT_NE(said.text.str().find("ended with 137"), std::string::npos) << said.text.str();
}

}  // namespace
}  // namespace glimpse::launcher
