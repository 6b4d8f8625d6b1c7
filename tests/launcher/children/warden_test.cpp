#include "launcher/children/warden.h"

#include <csignal>
#include <thread>

#include "tests/launcher/children/children_fixture.h"

namespace glimpse::launcher {
namespace {

using std::chrono::milliseconds;
using tests::ChildStory;

// The plain way, in a session of its own and without a parent. None holds a pipe of the command's,
// which would put off its end.
const std::string kLeavesFour =
    "{ sleep 1000 & setsid sleep 1000 & (setsid bash -c 'sleep 1000 & sleep 1000' &) ; } "
    ">/dev/null 2>&1; ";

class WardenTest : public tests::ChildrenTest {
 protected:
  [[nodiscard]] ChildOrder watched(const std::string& script) const {
    ChildOrder watched = bash(script);
    watched.has_warden = true;
    return watched;
  }

  Spawner spawner_;
  ProcessChildren children_{spawner_};
};

TEST_F(WardenTest, PassesTheStatusOn) {
  for (const auto& [script, status] :
       {std::pair("exit 0", 0), {"exit 5", 5}, {"kill -SEGV $$", 128 + SIGSEGV}}) {
    const ChildId child = children_.start(watched(script));
    ASSERT_TRUE(wait_for_end(children_, child));
    EXPECT_EQ(story(child).status, status) << script;
  }
}

TEST_F(WardenTest, EndsWhatACommandLeavesBehind) {
  const ChildId child = children_.start(watched(kLeavesFour + "sleep 0.2; echo done; exit 5"));
  ASSERT_TRUE(wait_for_print(children_, child, "done"));
  ASSERT_TRUE(wait_for_end(children_, child));
  EXPECT_EQ(count_alive(), 0) << "before the end is told";
  EXPECT_EQ(story(child).status, 5);
}

TEST_F(WardenTest, LetsASignalReachTheCommandsGroup) {
  const ChildId child = children_.start(
      watched("trap 'echo caught; exit 9' TERM; "
              "bash -c 'trap \"echo caught too; exit\" TERM; echo ready; sleep 1000 & wait' & "
              "wait; wait"));
  ASSERT_TRUE(wait_for_print(children_, child, "ready"));
  children_.signal(child, SIGTERM);
  ASSERT_TRUE(wait_for_end(children_, child));
  EXPECT_NE(story(child).printed.find("caught\n"), std::string::npos);
  EXPECT_EQ(story(child).status, 9) << "not that of a warden that was told to end";
}

TEST_F(WardenTest, DoesNotHearWhatABatchSystemSendsToAll) {
  const ChildId child = children_.start(watched("echo ready; sleep 0.5; echo saved; exit 3"));
  ASSERT_TRUE(wait_for_print(children_, child, "ready"));
  for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGCONT, SIGTSTP}) {
    ::kill(children_.process_of(child).value(), number);
    ::kill(spawner_.process(), number);
  }
  ASSERT_TRUE(wait_for_end(children_, child));
  EXPECT_EQ(story(child).printed, "ready\nsaved\n");
  EXPECT_EQ(story(child).status, 3);
}

TEST_F(WardenTest, EndsACommandThatHearsNothing) {
  const ChildId child =
      children_.start(watched("trap '' TERM INT; " + kLeavesFour + "echo ready; wait; wait"));
  ASSERT_TRUE(wait_for_print(children_, child, "ready"));
  children_.signal(child, SIGTERM);
  take(children_, milliseconds(300));
  EXPECT_EQ(story(child).status, -1) << "it hears nothing";
  children_.kill(child);
  ASSERT_TRUE(wait_for_end(children_, child));
  EXPECT_EQ(story(child).status, 128 + SIGKILL);
  EXPECT_EQ(count_alive(), 0);
}

// Each link ends as soon as it has started the next, so that no list of processes is ever true.
// Should nothing end it, it ends by itself.
TEST_F(WardenTest, EndsAChainThatNeverStandsStill) {
  const ChildId child = children_.start(
      watched("perl -e '$| = 1; print qq(ready\\n); for (1..50000) { fork and exit }' & "
              "read -r x < <(sleep 1000)"));
  ASSERT_TRUE(wait_for_print(children_, child, "ready"));
  take(children_, milliseconds(100));
  const auto start = std::chrono::steady_clock::now();
  children_.kill(child);
  ASSERT_TRUE(wait_for_end(children_, child));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
  EXPECT_EQ(count_alive(), 0);
}

TEST_F(WardenTest, IsReplacedByTheSpawnerWhenItIsKilled) {
  const ChildId child = children_.start(watched(kLeavesFour + "echo ready; wait"));
  ASSERT_TRUE(wait_for_print(children_, child, "ready"));
  EXPECT_GE(count_alive(), 4);
  ::kill(children_.process_of(child).value(), SIGKILL);
  EXPECT_TRUE(are_alive_in_time(0));
  ASSERT_TRUE(wait_for_end(children_, child));
  EXPECT_EQ(story(child).status, 128 + SIGKILL);
  const ChildId next = children_.start(watched("exit 6"));
  ASSERT_TRUE(wait_for_end(children_, next));
  EXPECT_EQ(story(next).status, 6) << "the spawner works on";
}

TEST_F(WardenTest, IsNotNeededForWhatAPlainChildLeavesBehind) {
  const ChildId child = children_.start(bash(kLeavesFour + "exit 2"));
  ASSERT_TRUE(wait_for_end(children_, child));
  EXPECT_EQ(story(child).status, 2);
  EXPECT_TRUE(are_alive_in_time(0));
}

TEST_F(WardenTest, LeavesOthersAlone) {
  const ChildId other = children_.start(watched("sleep 1000 & echo ready; wait"));
  ASSERT_TRUE(wait_for_print(children_, other, "ready"));
  const ChildId child = children_.start(watched(kLeavesFour + "exit 0"));
  ASSERT_TRUE(wait_for_end(children_, child));
  children_.kill(child);
  take(children_, milliseconds(300));
  EXPECT_TRUE(are_alive_in_time(2));
  EXPECT_EQ(story(other).status, -1);
}

}  // namespace
}  // namespace glimpse::launcher
