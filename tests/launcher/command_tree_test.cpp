#include "launcher/command_tree.h"

#include <gtest/gtest.h>

namespace glimpse::launcher {
namespace {

OptionNode argument() {
  return {"", "", "STUDY", "Which", "Arguments", true, true, false};
}

OptionNode flag() {
  return {"-f", "--fast", "", std::string(60, 'w') + " " + std::string(30, 'v'), "Options"};
}

CommandNode leaf() {
  return {"x", "glimpse x", "Do x", "glimpse x a", "", {argument(), flag()}, {}};
}

TEST(CommandTree, PutsExamplesBeforeUsageAndBreaksLongLines) {
  EXPECT_EQ(render_help(leaf()),
            "Do x\n\nExamples:\n  glimpse x a\n\nUsage: glimpse x STUDY [options]\n"
            "\nArguments:\n  STUDY                       Which\n"
            "\nOptions:\n  -f, --fast                  " +
                std::string(60, 'w') + "\n" + std::string(30, ' ') + std::string(30, 'v') + "\n");
}

TEST(CommandTree, FindsCommandsByPath) {
  CommandNode root;
  root.children = {leaf()};
  EXPECT_EQ(find_command(root, {"x"})->path, "glimpse x");
  EXPECT_EQ(find_command(root, {}), &root);
  EXPECT_EQ(find_command(root, {"y"}), nullptr);
  EXPECT_EQ(find_command(root, {"x", "y"}), nullptr);
}

TEST(CommandTree, ReadsChoicesOffTheValueName) {
  OptionNode option;
  option.value = "table|csv";
  EXPECT_EQ(choices_of(option), (std::vector<std::string>{"table", "csv"}));
  option.value = "RUN|STUDY";
  EXPECT_TRUE(choices_of(option).empty());
  option.value = "DIR";
  EXPECT_TRUE(choices_of(option).empty());
}

}  // namespace
}  // namespace glimpse::launcher
