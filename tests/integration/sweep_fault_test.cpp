// Sweeps whose processes are killed, stopped and poisoned while they run. The short set of every
// build; GLIMPSE_PROOF=full makes the counts those of scripts/proofs.

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "storage/sqlite/database.h"
#include "storage/sqlite/statement.h"
#include "tests/integration/command_sweep.h"

namespace glimpse::tests {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

int proof_count(int in_every_build, int in_full) {
  const char* const wanted = std::getenv("GLIMPSE_PROOF");
  return wanted != nullptr && std::string(wanted) == "full" ? in_full : in_every_build;
}

// Twelve epochs of a few hundredths of a second; each is saved once it has been told. What was told
// and saved may have died with an agent that had no time to read it, so a new attempt begins by
// telling it again.
constexpr const char* kTrainer = R"sh(
state=$GLIMPSE_RUN_DIR/state
tell() { echo "{\"epoch\": $1, \"metrics\": {\"loss\": $((1200 / $1 + x))}}" >&"$GLIMPSE_FD"; }
x=$1
e=$(cat "$state" 2>/dev/null || echo 0)
for told in $(seq "$e"); do tell "$told"; done
while [ "$e" -lt 12 ]; do
  e=$((e + 1))
  sleep 0.03
  echo . >>trained.log
  tell "$e"
  echo "$e" >"$state.new" && mv "$state.new" "$state"
done
)sh";
constexpr const char* kStudy = R"({
  "name": "tiny", "kind": "command", "command": ["bash", "train.sh", "{x}"],
  "metric": {"name": "loss"}, "parameters": {"x": {"values": [1, 2, 3, 4, 5, 6, 7, 8]}},
  "seeds": 3, "retry": {"max": 100}, "limits": {"stop_if": {"first": 1000, "of_last": [1000, 1]}}
})";

class SweepFault : public CommandSweep {
 protected:
  SweepFault() {
    write_file("train.sh", kTrainer);
    write_study(kStudy);
  }

  std::string undisturbed_table() {
    EXPECT_EQ(run().status, 0);
    std::string all = table();
    EXPECT_GT(all.size(), 1000U);
    fs::remove_all(runner_.results());
    return all;
  }
  void sleep_at_random(int least_ms, int most_ms) {
    std::this_thread::sleep_for(
        milliseconds(std::uniform_int_distribution(least_ms, most_ms)(random_)));
  }
  // By all attempts together; trained.log has a line for each.
  [[nodiscard]] std::size_t trained_epochs() const {
    std::ifstream log(runner_.folder() / "trained.log");
    return static_cast<std::size_t>(
        std::count(std::istreambuf_iterator<char>(log), std::istreambuf_iterator<char>(), '\n'));
  }
  void expect_nothing_ran_twice() const {
    EXPECT_EQ(query("select count(*) from (select run_id from v_attempts where state = 'finished'"
                    " group by run_id having count(*) > 1)"),
              "0\r\n");
    EXPECT_EQ(query("select count(*) from v_events where kind = 'nondeterminism'"), "0\r\n");
    EXPECT_EQ(runner_.run({"verify"}).status, 0);
  }
  [[nodiscard]] std::set<std::string> rows() const {
    std::istringstream all(query("select run_id, epoch, name, value from v_metrics"));
    std::set<std::string> rows;
    for (std::string line; std::getline(all, line);) {
      rows.insert(line);
    }
    return rows;
  }

  std::mt19937 random_{1};
};

TEST_F(SweepFault, LosesNothingWhenTrialsAreKilled) {
  const std::string undisturbed = undisturbed_table();
  const int kills = proof_count(25, 300);
  int killed = 0;
  while (killed < kills) {
    fs::remove_all(runner_.results());
    fs::remove(runner_.folder() / "trained.log");
    int killed_here = 0;
    const pid_t running = start();
    while (killed < kills && waitpid(running, nullptr, WNOHANG) == 0) {
      sleep_at_random(10, 120);
      const std::vector<pid_t> programs = this->programs();
      if (!programs.empty() && kill(programs[random_() % programs.size()], SIGKILL) == 0) {
        ++killed;
        ++killed_here;
      }
    }
    waitpid(running, nullptr, 0);
    EXPECT_EQ(run().status, 0);
    EXPECT_TRUE(table() == undisturbed);
    // Each attempt but the first of a trial trains at most the epoch again that was being trained.
    EXPECT_LE(trained_epochs(), 24U * 12U + static_cast<std::size_t>(killed_here));
    expect_nothing_ran_twice();
  }
  std::cout << killed << " kills of trials: 0 epochs lost\n";
}

TEST_F(SweepFault, GoesOnWhereACoordinatorOrSpawnerWasKilled) {
  const std::string undisturbed = undisturbed_table();
  const int kills = proof_count(20, 300);
  std::set<std::string> acknowledged;
  for (int killed = 0; killed < kills; ++killed) {
    const pid_t running = start();
    sleep_at_random(100, 500);
    const auto spawner = runner_.shell("pgrep -P " + std::to_string(running)).out;
    const pid_t target = killed % 2 == 0 || spawner.empty() ? running : std::stoi(spawner);
    kill(target, SIGKILL);
    waitpid(running, nullptr, 0);
    ASSERT_TRUE(ends_soon()) << "children are left after kill " << killed;
    const std::set<std::string> now = rows();
    ASSERT_TRUE(std::ranges::includes(now, acknowledged)) << "rows are gone";
    acknowledged = now;
    if (killed % 10 == 9) {
      EXPECT_EQ(run().status, 0);
      EXPECT_TRUE(table() == undisturbed);
      expect_nothing_ran_twice();
      fs::remove_all(runner_.results());
      acknowledged.clear();
    }
  }
  std::cout << kills << " kills of coordinators and spawners: 0 rows lost, 0 children left\n";
}

TEST_F(SweepFault, FencesAnAttemptThatWakesUpLate) {
  write_study(R"({
    "name": "tiny", "kind": "command", "command": ["bash", "train.sh", "{x}"],
    "metric": {"name": "loss"}, "parameters": {"x": {"value": 1}}, "limits": {"silence": "1s"}})");
  const pid_t running = start();
  ASSERT_TRUE(wait_for_at_least("select count(*) from v_metrics", 2));
  const std::vector<pid_t> programs = this->programs();
  for (const pid_t program : programs) {
    kill(program, SIGSTOP);
  }
  ASSERT_TRUE(wait_for_at_least("select max(attempt) from v_attempts", 2));
  for (const pid_t program : programs) {
    kill(program, SIGCONT);  // it is dead by now, and nothing else has its number
  }
  EXPECT_EQ(wait_for(running), 0);
  EXPECT_EQ(query("select attempt, state, class from v_attempts order by attempt"),
            "1,failed,hung\r\n2,finished,\r\n");
  expect_nothing_ran_twice();
}

TEST_F(SweepFault, LetsOneCoordinatorOnAFolder) {
  const int races = proof_count(10, 50);
  write_study(R"({"name": "short", "kind": "command", "command": ["sleep", "1"],
                  "metric": {"name": "loss"}, "parameters": {"x": {"value": 1}}})");
  for (int race = 0; race < races; ++race) {
    fs::remove_all(runner_.results());
    const pid_t first = start();
    const pid_t second = start();
    const std::multiset<int> ends = {wait_for(first), wait_for(second)};
    EXPECT_EQ(ends, (std::multiset<int>{0, 78})) << "race " << race;
  }
}

TEST_F(SweepFault, DoesNotWaitForAReader) {
  const pid_t running = start();
  ASSERT_TRUE(wait_for_at_least("select count(*) from v_metrics", 2));
  storage::Database reader(runner_.results() / "glimpse.db", storage::OpenMode::kReadOnly);
  reader.execute("BEGIN");
  EXPECT_TRUE(storage::Statement(reader, "SELECT count(*) FROM v_metrics").find_integer());
  EXPECT_EQ(wait_for(running), 0);
  reader.execute("ROLLBACK");
  EXPECT_EQ(query("select count(*) from v_metrics"), "288\r\n");
}

struct Poison {
  const char* name;
  const char* line;
  const char* class_name;
  int tries;
};
constexpr Poison kPoisons[] = {
    {"segfault", "kill -SEGV $$", "signal", 2},
    {"abort", "kill -ABRT $$", "signal", 2},
    {"exit", "exit 1", "exit_code", 2},
    {"config", "exit 78", "bad_config", 1},
    {"loop", "while :; do :; done", "hung", 2},
    {"silence", "sleep 1000 & sleep 1000", "hung", 2},
    {"memory",
     "ulimit -v 60000; a=$(head -c 200000000 /dev/zero | tr '\\0' x); echo ${#a}",
     "host_oom",
     2},
    {"flood", "yes flood", "timeout", 2},
    {"forged",
     "echo '{\"type\":\"finished\",\"run\":\"00000000000000000000000000000000\","
     "\"attempt\":1,\"outcome\":\"completed\"}' >&$GLIMPSE_FD; sleep 1000",
     "protocol",
     1},
    {"garbage", "head -c 200000 /dev/zero >&$GLIMPSE_FD; sleep 1000", "protocol", 1},
};

TEST_F(SweepFault, KeepsPoisonFromTheHealthy) {
  std::string script = "case $1 in\n";
  std::string values;
  for (const Poison& poison : kPoisons) {
    script += std::string(poison.name) + ") " + poison.line + " ;;\n";
    values += std::string("\"") + poison.name + "\", ";
  }
  for (int i = 0; i < 90; ++i) {
    values += "\"healthy" + std::to_string(i) + (i == 89 ? "\"" : "\", ");
  }
  write_file("poison.sh",
             script +
                 "*) sleep 0.2; echo '{\"epoch\": 1, \"metrics\": {\"loss\": 1}}' "
                 ">&$GLIMPSE_FD ;;\nesac\n");
  write_study(R"({"name": "mixed", "kind": "command", "command": ["bash", "poison.sh", "{what}"],
    "metric": {"name": "loss"}, "retry": {"max": 2},
    "limits": {"trial_time": "2s", "silence": "1s", "stop_if": {"first": 100, "of_last": [100, 1]}},
    "parameters": {"what": {"values": [)" +
              values + "]}}}");
  EXPECT_EQ(run().status, 3);
  EXPECT_TRUE(ends_soon());
  EXPECT_EQ(query("select count(*) from v_trials where state = 'done'"), "90\r\n");
  for (const Poison& poison : kPoisons) {
    EXPECT_EQ(
        query("select count(*), min(class), max(class) from v_attempts where run_id in"
              " (select run_id from v_trials where parameters like '%" +
              std::string(poison.name) + "%')"),
        std::to_string(poison.tries) + "," + poison.class_name + "," + poison.class_name + "\r\n")
        << poison.name;
  }
}

}  // namespace
}  // namespace glimpse::tests
