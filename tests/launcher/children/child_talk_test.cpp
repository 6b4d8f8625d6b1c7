#include "launcher/children/child_talk.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

#include <fcntl.h>
#include <unistd.h>

#include "tests/launcher/children/children_fixture.h"
#include "tests/support/temp_dir.h"
#include "tests/worker/forked.h"

namespace glimpse::launcher {
namespace {

using std::chrono::milliseconds;
using tests::ChildStory;
using Clock = std::chrono::steady_clock;

class ChildTalkTest : public tests::ChildrenTest {
 protected:
  [[nodiscard]] ChildOrder talking(const std::string& script) const {
    ChildOrder talking = bash(script);
    talking.commands_at = 3;
    talking.records_at = 4;
    return talking;
  }
};

TEST_F(ChildTalkTest, CarriesLinesBothWays) {
  Spawner spawner;
  ProcessChildren children(spawner);
  const ChildId child =
      children.start(talking("while read -r line <&3 && [ $line != end ]; do echo got $line >&4; "
                             "echo printed; echo complained >&2; done"));
  EXPECT_TRUE(children.send(child, "one"));
  EXPECT_TRUE(children.send(child, "two"));
  EXPECT_TRUE(children.send(child, "end"));
  ASSERT_TRUE(wait_for_end(children, child));
  EXPECT_EQ(story(child).lines, (std::vector<std::string>{"got one", "got two"}));
  EXPECT_EQ(story(child).printed, "printed\ncomplained\nprinted\ncomplained\n");
  EXPECT_EQ(story(child).status, 0);
}

TEST_F(ChildTalkTest, CarriesLinesUpToTheirLimit) {
  const ChildStory told =
      run(talking("line() { head -c $1 /dev/zero | tr '\\0' x; echo; }; "
                  "{ line 65536; line 65537; line 1000000; echo end; } >&4"));
  ASSERT_EQ(told.lines.size(), 2U);
  EXPECT_EQ(told.lines[0], std::string(65536, 'x'));
  EXPECT_EQ(told.lines[1], "end");
  EXPECT_EQ(told.long_lines, 2);
}

TEST_F(ChildTalkTest, BringsAllThatWasWrittenBeforeTheEnd) {
  const ChildStory told = run(talking("for i in {1..2000}; do echo $i >&4; echo $i; done; exit 7"));
  EXPECT_EQ(told.status, 7);
  EXPECT_EQ(told.lines.size(), 2000U);
  EXPECT_EQ(told.lines.back(), "2000");
  EXPECT_EQ(told.printed.size(), 9U * 2 + 90 * 3 + 900 * 4 + 1001 * 5);
}

TEST_F(ChildTalkTest, TakesAMebibyteForAChildThatDoesNotRead) {
  Spawner spawner;
  ProcessChildren children(spawner);
  const ChildId child = children.start(talking("read -r x < <(sleep 1000)"));
  const std::string line(9'999, 'x');
  std::size_t taken = 0;
  const auto start = Clock::now();
  while (children.send(child, line)) {
    taken += line.size() + 1;
  }
  EXPECT_LT(Clock::now() - start, std::chrono::seconds(1)) << "it does not wait";
  EXPECT_GT(taken, std::size_t{1'000'000});
  EXPECT_LT(taken, std::size_t{1'200'000}) << "with what the pipe holds";
  children.kill(child);
  EXPECT_TRUE(wait_for_end(children, child));
}

TEST_F(ChildTalkTest, GivesWholeLinesToAChildThatReadsLate) {
  Spawner spawner;
  ProcessChildren children(spawner);
  const ChildId child = children.start(talking("sleep 0.3; head -c 900000 <&3 | md5sum"));
  std::string sent;
  for (int i = 0; i < 90; ++i) {
    const std::string line(9'999, static_cast<char>('0' + i));
    EXPECT_TRUE(children.send(child, line));
    sent += line + '\n';
  }
  ASSERT_TRUE(wait_for_end(children, child));
  const tests::TempDir folder;
  tests::save_bytes(folder / "sent", sent);
  const std::string read = story(child).printed;
  EXPECT_EQ(read, run(bash("md5sum < " + (folder / "sent").string())).printed);
}

// This program would not live on either: SIGPIPE is not ignored.
TEST_F(ChildTalkTest, TellsThatNobodyReadsAnyMore) {
  Spawner spawner;
  ProcessChildren children(spawner);
  for (const bool has_warden : {false, true}) {
    ChildOrder deaf = talking("exec 3<&-; echo closed; read -r x < <(sleep 1000)");
    deaf.has_warden = has_warden;
    const ChildId child = children.start(deaf);
    ASSERT_TRUE(wait_for_print(children, child, "closed"));
    EXPECT_FALSE(children.send(child, "x"));
    EXPECT_FALSE(children.send(child, "x"));
    children.kill(child);
    ASSERT_TRUE(wait_for_end(children, child));
    EXPECT_FALSE(children.send(child, "x"));
  }
  EXPECT_FALSE(children.send(9'999, "x")) << "nobody's number";
}

// Each line says when it was written, in microseconds.
TEST_F(ChildTalkTest, IsNotHeldUpByTheFloodOfAnother) {
  Spawner spawner;
  ProcessChildren children(spawner);
  const ChildId flood = children.start(talking("yes & yes >&4"));
  const ChildId small =
      children.start(talking("for i in {1..40}; do echo ${EPOCHREALTIME/.} >&4; sleep 0.02; done"));
  std::size_t most_events = 0;
  long long slowest_us = 0;
  for (bool has_ended = false; !has_ended;) {
    const auto events = children.wait(milliseconds(100), -1);
    most_events = std::max(most_events, events.size());
    const auto now = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::system_clock::now().time_since_epoch());
    for (const ChildEvent& event : events) {
      EXPECT_LE(event.text.size(), 65536U);
      if (event.child == small && event.kind == ChildEvent::Kind::kLine) {
        slowest_us = std::max<long long>(slowest_us, now.count() - std::stoll(event.text));
      }
      has_ended = has_ended || (event.child == small && event.kind == ChildEvent::Kind::kEnded);
    }
  }
  children.kill(flood);
  EXPECT_LE(most_events, 2 * 66U);
  EXPECT_LT(slowest_us, 500'000) << "a line waits for one round, not for the flood";
  std::printf("slowest line beside a flood: %.2f ms\n", static_cast<double>(slowest_us) / 1000);
}

TEST_F(ChildTalkTest, EndsThoughSomebodyHoldsThePipesOpen) {
  Spawner spawner;
  ProcessChildren children(spawner);
  const ChildId child = children.start(talking("echo ready; sleep 0.3; echo last; exit 4"));
  ASSERT_TRUE(wait_for_print(children, child, "ready"));
  const std::string folder = "/proc/" + std::to_string(children.process_of(child).value()) + "/fd/";
  const storage::FileDescriptor printed(::open((folder + "1").c_str(), O_WRONLY | O_CLOEXEC));
  const storage::FileDescriptor records(::open((folder + "4").c_str(), O_WRONLY | O_CLOEXEC));
  ASSERT_TRUE(printed.is_open() && records.is_open());
  const auto start = Clock::now();
  ASSERT_TRUE(wait_for_end(children, child));
  EXPECT_GT(Clock::now() - start, milliseconds(1000)) << "it might have been still to come";
  EXPECT_LT(Clock::now() - start, milliseconds(3000));
  EXPECT_EQ(story(child).status, 4);
  EXPECT_EQ(story(child).printed, "ready\nlast\n");
}

TEST_F(ChildTalkTest, WakesForADescriptorOfTheCaller) {
  Spawner spawner;
  ProcessChildren children(spawner);
  tests::Pipe pipe;
  const auto start = Clock::now();
  EXPECT_TRUE(children.wait(milliseconds(50), pipe.reading_end()).empty());
  EXPECT_GE(Clock::now() - start, milliseconds(45)) << "nothing came";
  pipe.put("x");
  EXPECT_TRUE(children.wait(std::chrono::hours(1'000'000), pipe.reading_end()).empty());
}

}  // namespace
}  // namespace glimpse::launcher
