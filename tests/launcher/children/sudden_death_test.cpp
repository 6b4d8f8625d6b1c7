#include <csignal>
#include <functional>
#include <stdexcept>

#include <unistd.h>

#include "tests/launcher/children/children_fixture.h"
#include "tests/worker/forked.h"

namespace glimpse::launcher {
namespace {

using std::chrono::milliseconds;
using tests::Forked;
using tests::Pipe;

const std::string kManyProcesses =
    "sleep 1000 & setsid sleep 1000 & (sleep 1000 &) ; echo ready; wait";

class SuddenDeath : public tests::ChildrenTest {
 protected:
  // A command with processes of its own and a worker of ours, which has none.
  [[nodiscard]] std::vector<ChildOrder> orders() const {
    ChildOrder command = bash(kManyProcesses);
    command.has_warden = true;
    return {command, bash("echo ready; exec sleep 1000"), command};
  }
  static constexpr int kProcesses = 4 + 1 + 4;

  [[nodiscard]] std::vector<ChildId> start_all(ProcessChildren& children) {
    std::vector<ChildId> started;
    for (const ChildOrder& order : orders()) {
      started.push_back(children.start(order));
    }
    for (const ChildId child : started) {
      if (!wait_for_print(children, child, "ready")) {
        throw std::runtime_error("it does not start");
      }
    }
    return started;
  }

  // Runs an agent with all these until `kill` was called with its process id.
  void kill_agent(const std::function<void(pid_t)>& kill) {
    Pipe ready;
    Forked agent([&] {
      ::setpgid(0, 0);
      Spawner spawner;
      ProcessChildren children(spawner);
      static_cast<void>(start_all(children));
      ready.put("x");
      while (true) {
        children.wait(milliseconds(1000), -1);
      }
    });
    ready.close_writing_end();
    char byte = 0;
    ASSERT_EQ(::read(ready.reading_end(), &byte, 1), 1);
    EXPECT_TRUE(are_alive_in_time(kProcesses));
    kill(agent.pid());
    EXPECT_EQ(agent.wait(), 128 + SIGKILL);
    EXPECT_TRUE(are_alive_in_time(0));
    EXPECT_TRUE(are_all_reaped_in_time()) << "spawner and wardens are processes, too";
  }
};

TEST_F(SuddenDeath, OfTheAgentLeavesNobody) {
  kill_agent([](pid_t agent) { ::kill(agent, SIGKILL); });
}

TEST_F(SuddenDeath, OfTheAgentsGroupLeavesNobody) {
  kill_agent([](pid_t agent) { ::kill(-agent, SIGKILL); });
}

TEST_F(SuddenDeath, OfTheSpawnerLeavesNobodyAndIsTold) {
  Spawner spawner;
  ProcessChildren children(spawner);
  const std::vector<ChildId> started = start_all(children);
  EXPECT_TRUE(are_alive_in_time(kProcesses));
  ::kill(spawner.process(), SIGKILL);
  EXPECT_TRUE(are_alive_in_time(0));
  for (const ChildId child : started) {
    ASSERT_TRUE(wait_for_end(children, child));
    EXPECT_EQ(story(child).status, 128 + SIGKILL);
    children.kill(child);
    children.signal(child, SIGTERM);
  }
  EXPECT_THROW(static_cast<void>(children.start(bash("true"))), std::runtime_error);
  EXPECT_TRUE(are_all_reaped_in_time());
}

TEST_F(SuddenDeath, OfTheSpawnerIsFoundByTheNextStart) {
  Spawner spawner;
  ProcessChildren children(spawner);
  ::kill(spawner.process(), SIGKILL);
  ::usleep(100'000);
  try {
    static_cast<void>(children.start(bash("true")));
    ADD_FAILURE() << "it must not start";
  } catch (const std::runtime_error& error) {
    EXPECT_EQ(std::string(error.what()),
              "start bash: the process that starts all others was ended; run the same command "
              "again to go on");
  }
}

TEST_F(SuddenDeath, OfAWardenAndTheSpawnerAtOnceLeavesNobodyOfTheCommandItself) {
  Spawner spawner;
  ProcessChildren children(spawner);
  ChildOrder command = bash("echo ready; exec sleep 1000");
  command.has_warden = true;
  const ChildId child = children.start(command);
  ASSERT_TRUE(wait_for_print(children, child, "ready"));
  const pid_t warden = children.process_of(child).value();
  ::kill(spawner.process(), SIGKILL);
  ::kill(warden, SIGKILL);
  EXPECT_TRUE(are_alive_in_time(0));
}

TEST_F(SuddenDeath, IsNotNeededToEndAll) {
  {
    Spawner spawner;
    ProcessChildren children(spawner);
    static_cast<void>(start_all(children));
    EXPECT_TRUE(are_alive_in_time(kProcesses));
  }
  EXPECT_EQ(count_alive(), 0);
  EXPECT_TRUE(are_all_reaped_in_time());
}

}  // namespace
}  // namespace glimpse::launcher
