// Sweeps on several ranks whose processes are killed while they run: the same command again ends
// with the table of a sweep that nothing happened to.

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <set>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <sys/wait.h>

#include "tests/integration/sweep_fault.h"

namespace glimpse::tests {
namespace {

namespace fs = std::filesystem;

pid_t parent_of(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/status");
  for (std::string word; file >> word;) {
    if (word == "PPid:") {
      pid_t parent = 0;
      file >> parent;
      return parent;
    }
  }
  return 0;
}

// As MPI counts; "" where it is none.
std::string rank_of(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/environ", std::ios::binary);
  const std::string name = "OMPI_COMM_WORLD_RANK=";
  for (std::string variable; std::getline(file, variable, '\0');) {
    if (variable.starts_with(name)) {
      return variable.substr(name.size());
    }
  }
  return "";
}

enum class Victim { kFirstRank, kOtherRank, kSpawner, kLauncher };
constexpr std::array kVictims = {
    Victim::kFirstRank, Victim::kOtherRank, Victim::kSpawner, Victim::kLauncher};

class MpiSweepFault : public SweepFault {
 protected:
  MpiSweepFault() {
    runner_.set("OMPI_ALLOW_RUN_AS_ROOT", "1");
    runner_.set("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
  }

  [[nodiscard]] pid_t start_ranks(int ranks) const {
    std::vector<std::string> command = {
        "mpirun", "-n", std::to_string(ranks), "--bind-to", "none", "--oversubscribe"};
    std::ranges::move(GlimpseRunner::command({"run", "./study.json", "--slots", "2"}),
                      std::back_inserter(command));
    return runner_.start_program(command);
  }
  // 0 where there is none yet.
  [[nodiscard]] pid_t find_rank(pid_t launcher, const std::string& rank) const {
    for (const pid_t process : marked()) {
      if (parent_of(process) == launcher && rank_of(process) == rank) {
        return process;
      }
    }
    return 0;
  }
  [[nodiscard]] pid_t find_victim(pid_t launcher, Victim victim) {
    if (victim == Victim::kLauncher) {
      return launcher;
    }
    const pid_t rank = find_rank(launcher, victim == Victim::kFirstRank ? "0" : "1");
    if (victim != Victim::kSpawner || rank == 0) {
      return rank;
    }
    for (const pid_t process : marked()) {
      if (parent_of(process) == rank) {
        return process;
      }
    }
    return 0;
  }
};

TEST_F(MpiSweepFault, GoesOnWhereARankASpawnerOrTheLauncherWasKilled) {
  const std::string undisturbed = undisturbed_table();
  const int kills = proof_count(12, 300);
  std::set<std::string> acknowledged;
  int killed = 0;
  for (int run = 0; killed < kills; ++run) {
    const pid_t launcher = start_ranks(2);
    sleep_at_random(300, 1000);
    const pid_t victim = find_victim(launcher, kVictims.at(static_cast<std::size_t>(run) % 4));
    const bool hits =
        victim != 0 && waitpid(launcher, nullptr, WNOHANG) == 0 && kill(victim, SIGKILL) == 0;
    killed += hits ? 1 : 0;
    waitpid(launcher, nullptr, 0);
    ASSERT_TRUE(ends_soon()) << "children are left after kill " << killed;
    const std::set<std::string> now = rows();
    ASSERT_TRUE(std::ranges::includes(now, acknowledged)) << "rows are gone";
    acknowledged = now;
    if (run % 10 == 9 || killed == kills) {
      EXPECT_EQ(wait_for(start_ranks(2)), 0);
      EXPECT_TRUE(table() == undisturbed);
      expect_nothing_ran_twice();
      fs::remove_all(runner_.results());
      acknowledged.clear();
    }
  }
  std::cout << "PROOF|mpirun, ranks and spawners killed|" << killed
            << " kills|0 rows lost, 0 children left, nothing twice\n";
}

TEST_F(MpiSweepFault, GivesTheSameTableOnAnyNumberOfRanks) {
  const std::string alone = undisturbed_table();
  for (const int ranks : {1, 2, 4}) {
    EXPECT_EQ(wait_for(start_ranks(ranks)), 0) << ranks;
    EXPECT_TRUE(table() == alone) << ranks;
    expect_nothing_ran_twice();
    fs::remove_all(runner_.results());
  }
}

// mpirun hands the signal on to every rank. That is one wish to stop, not one of each.
TEST_F(MpiSweepFault, TakesASignalToAllRanksAsOneWishToStop) {
  write_file("stop.sh",
             "trap 'echo saved >>saved.log; exit 75' TERM\n"
             "for e in $(seq 40); do sleep 0.1; done\n"
             "echo '{\"epoch\": 1, \"metrics\": {\"loss\": 1}}' >&\"$GLIMPSE_FD\"\n");
  write_study(R"({"name": "stopped", "kind": "command", "command": ["bash", "stop.sh"],
                  "metric": {"name": "loss"}, "parameters": {"x": {"values": [1, 2]}}})");
  const pid_t launcher = start_ranks(2);
  ASSERT_TRUE(wait_for_at_least("select count(*) from v_attempts where state = 'running'", 2));
  sleep_at_random(300, 300);
  kill(launcher, SIGUSR1);
  EXPECT_EQ(wait_for(launcher), 75);
  EXPECT_TRUE(ends_soon());
  EXPECT_EQ(runner_.shell("cat saved.log").out, "saved\nsaved\n");
  EXPECT_EQ(query("select count(*) from v_trials where state = 'pending'"), "2\r\n");
  EXPECT_EQ(run().status, 0);
  EXPECT_EQ(query("select count(*) from v_trials where state = 'done'"), "2\r\n");
}

}  // namespace
}  // namespace glimpse::tests
