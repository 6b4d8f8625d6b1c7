#include "launcher/completion_scripts.h"

#include <gtest/gtest.h>

#include "launcher/child_program.h"
#include "launcher/cli/command_line.h"
#include "tests/support/temp_dir.h"

namespace glimpse::launcher {
namespace {

// What bash itself offers after these words, the last of which is being typed.
std::string offered(const std::string& words) {
  const tests::TempDir dir;
  tests::save_bytes(dir / "script", render_completion(describe_commands(), "bash"));
  const std::string run =
      "cd \"$(dirname \"$0\")\"; source \"$0\"; names() { echo first second; };"
      "mkdir sub; touch my.json my.h5; COMP_WORDS=(" +
      words +
      "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _glimpse; printf '%s ' \"${COMPREPLY[@]}\"";
  const ChildResult result = capture_program({"bash", "-c", run, (dir / "script").string()}, 20);
  EXPECT_EQ(result.status, 0);
  return " " + result.output;
}

bool offers(const std::string& words, const std::string& word) {
  return offered(words).find(" " + word + " ") != std::string::npos;
}

TEST(CompletionScripts, CompleteVerbsInBash) {
  EXPECT_EQ(offered("glimpse pl"), " plan ");
  EXPECT_EQ(offered("glimpse dataset fe"), " fetch ");
  EXPECT_FALSE(offers("glimpse ''", "build"));
}

TEST(CompletionScripts, CompleteTheOptionsOfTheirVerbInBash) {
  EXPECT_EQ(offered("glimpse plan x --tri"), " --trials ");
  EXPECT_FALSE(offers("glimpse schema --", "--trials"));
}

TEST(CompletionScripts, CompleteChoicesInBash) {
  EXPECT_EQ(offered("glimpse plan x --format j"), " jsonl ");
  EXPECT_TRUE(offers("glimpse completion ''", "zsh"));
}

TEST(CompletionScripts, AskTheProgramForNamesInBash) {
  // `true` prints nothing, so it can stand for the program.
  EXPECT_EQ(offered("echo plan comp"), " completion ");
}

// A stand-in for the program, whose every list of names is "first second".
TEST(CompletionScripts, OfferNamesBeforeFilesOfTheRightKindInBash) {
  EXPECT_EQ(offered("names plan ''"), " first second my.json sub ");
  EXPECT_EQ(offered("names dataset show ''"), " first second my.h5 sub ");
  EXPECT_EQ(offered("names models ''"), " first second ");
  EXPECT_EQ(offered("names models sec"), " second ");
  EXPECT_EQ(offered("names logs ''"), " first second ");
  EXPECT_TRUE(offers("names status -w ''", "first")) << "the seconds may be left out";
  EXPECT_TRUE(offers("names dataset import my", "my.json"));
}

TEST(CompletionScripts, NameEveryVerbAndOptionInFish) {
  const std::string script = render_completion(describe_commands(), "fish");
  for (const CommandNode& verb : describe_commands().children) {
    EXPECT_NE(script.find("-f -a " + verb.name + " "), std::string::npos) << verb.name;
    for (const OptionNode& option : verb.options) {
      if (!option.is_positional) {
        EXPECT_NE(script.find("-l " + option.long_name.substr(2) + " "), std::string::npos);
      }
    }
  }
}

TEST(CompletionScripts, LetZshUseTheBashFunction) {
  const std::string script = render_completion(describe_commands(), "zsh");
  EXPECT_NE(script.find("bashcompinit"), std::string::npos);
  EXPECT_NE(script.find(render_completion(describe_commands(), "bash")), std::string::npos);
}

}  // namespace
}  // namespace glimpse::launcher
