#include "launcher/cli/command_line.h"

#include <gtest/gtest.h>

namespace glimpse::launcher {
namespace {

std::string complaint(const std::vector<std::string>& arguments) {
  return parse_command_line(arguments).complaint;
}

TEST(CommandLine, ReadsCommonOptionsBehindTheVerb) {
  const CommandLine line =
      parse_command_line({"plan", "table1", "seeds=5", "--results", "r", "-q", "--color=never"});
  ASSERT_TRUE(line.invocation) << line.complaint;
  EXPECT_EQ(line.invocation->common.results, "r");
  EXPECT_EQ(line.invocation->common.colour, "never");
  EXPECT_TRUE(line.invocation->common.is_quiet);
}

TEST(CommandLine, NamesTheNearestVerb) {
  EXPECT_EQ(complaint({"plna"}),
            "glimpse: unknown command 'plna' (did you mean \"plan\"?)\ntry 'glimpse --help'");
  EXPECT_EQ(complaint({"dataset", "biuld"}),
            "glimpse dataset: unknown command 'biuld' (did you mean \"build\"?)\n"
            "try 'glimpse dataset --help'");
}

TEST(CommandLine, NamesTheNearestOption) {
  EXPECT_EQ(complaint({"plan", "table1", "--formt", "csv"}),
            "glimpse plan: unknown option '--formt' (did you mean \"--format\"?)\n"
            "try 'glimpse plan --help'");
}

TEST(CommandLine, NamesAnUnknownOptionWhereverItStands) {
  EXPECT_EQ(complaint({"-V"}), "glimpse: unknown option '-V'\ntry 'glimpse --help'");
  EXPECT_EQ(complaint({"--nosuch"}), "glimpse: unknown option '--nosuch'\ntry 'glimpse --help'");
  EXPECT_EQ(complaint({"dataset", "-z"}),
            "glimpse dataset: unknown option '-z'\ntry 'glimpse dataset --help'");
  EXPECT_EQ(complaint({"-x", "plan"}),
            "glimpse plan: unknown option '-x'\ntry 'glimpse plan --help'");
}

TEST(CommandLine, SaysWhatANumberMustBe) {
  EXPECT_EQ(complaint({"plan", "x", "--gflops", "fast"}),
            "glimpse plan: --gflops: must be a number above 0, at most 1e9, not 'fast'\n"
            "try 'glimpse plan --help'");
  EXPECT_EQ(complaint({"query", "select 1", "--limit-rows", "x"}),
            "glimpse query: --limit-rows: must be a whole number from 1 to 1000000000, not 'x'\n"
            "try 'glimpse query --help'");
  for (const char* const number : {"0", "-1", "inf", "nan", "1e10", ""}) {
    EXPECT_NE(complaint({"query", "select 1", "--time-limit", number}), "") << number;
  }
  EXPECT_TRUE(parse_command_line({"query", "select 1", "--time-limit", "0.5"}).invocation);
}

TEST(CommandLine, TellsWhatIsRequiredInTheWordsOfItsHelp) {
  EXPECT_EQ(complaint({"merge"}),
            "glimpse merge: DIR_OR_DB is required\ntry 'glimpse merge --help'");
  EXPECT_EQ(complaint({"show"}), "glimpse show: RUN|STUDY is required\ntry 'glimpse show --help'");
}

TEST(CommandLine, TakesHelpForAVerbToo) {
  EXPECT_EQ(parse_command_line({"help"}).help, render_help(describe_commands()));
  EXPECT_EQ(parse_command_line({"help", "dataset", "build"}).help,
            parse_command_line({"dataset", "build", "--help"}).help);
  EXPECT_NE(complaint({"help", "plna"}).find("did you mean \"plan\"?"), std::string::npos);
}

TEST(CommandLine, SaysWhereOptionsOfAllVerbsGo) {
  EXPECT_EQ(complaint({"-q", "plan", "table1"}),
            "glimpse: '-q' goes behind the verb: glimpse plan -q\ntry 'glimpse plan --help'");
  EXPECT_EQ(complaint({"--results", "r", "plan", "table1"}),
            "glimpse: '--results' goes behind the verb: glimpse plan --results\n"
            "try 'glimpse plan --help'");
}

TEST(CommandLine, NamesTheChoices) {
  EXPECT_EQ(complaint({"plan", "table1", "--format", "cvs"}),
            "glimpse plan: --format: 'cvs' is none of table|csv|jsonl|md (did you mean \"csv\"?)\n"
            "try 'glimpse plan --help'");
}

TEST(CommandLine, RefusesWhatIsMissingOrTooMuch) {
  EXPECT_NE(complaint({"plan"}).find("STUDY is required"), std::string::npos);
  EXPECT_NE(complaint({"models", "a", "b"}).find("unexpected argument 'b'"), std::string::npos);
  EXPECT_NE(complaint({"plan", "x", "--json", "--format", "csv"}).find("--format"),
            std::string::npos);
  EXPECT_NE(complaint({"query", "select 1", "--limit-rows", "-1"}), "");
  EXPECT_NE(complaint({"query", "select 1", "--time-limit", "0"}), "");
}

TEST(CommandLine, ShowsAnOverviewWithoutAVerb) {
  EXPECT_NE(complaint({}).find("Usage: glimpse COMMAND"), std::string::npos);
  EXPECT_NE(complaint({"dataset"}).find("Usage: glimpse dataset COMMAND"), std::string::npos);
}

TEST(CommandLine, GivesHelpForEveryVerb) {
  const CommandNode root = describe_commands();
  for (const CommandNode& verb : root.children) {
    EXPECT_EQ(parse_command_line({verb.name, "--help"}).help, render_help(verb));
    EXPECT_FALSE(verb.examples.empty()) << verb.path;
    for (const CommandNode& child : verb.children) {
      EXPECT_EQ(parse_command_line({verb.name, child.name, "-h"}).help, render_help(child));
      EXPECT_FALSE(child.examples.empty()) << child.path;
    }
  }
}

TEST(CommandLine, TakesAVerbsNameAsAnArgument) {
  EXPECT_TRUE(parse_command_line({"show", "plan"}).invocation);
  EXPECT_TRUE(parse_command_line({"dataset", "show", "build"}).invocation);
}

}  // namespace
}  // namespace glimpse::launcher
