// Sweeps whose processes are killed, stopped and poisoned while they run. The short set of every
// build; GLIMPSE_PROOF=full makes the counts those of scripts/proofs.

#include "tests/integration/sweep_fault.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <random>
#include <set>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "storage/sqlite/database.h"
#include "storage/sqlite/statement.h"

namespace glimpse::tests {
namespace {

namespace fs = std::filesystem;
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
  std::cout << "PROOF|trials killed|" << killed << " kills|0 finished epochs lost\n";
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
  std::cout << "PROOF|coordinators and spawners killed|" << kills
            << " kills|0 rows lost, 0 children left, nothing twice\n";
}

// From the start of the same command to the first attempt that is new.
double seconds_until_an_attempt_after(storage::Database& results, std::int64_t last_attempt) {
  const auto start = std::chrono::steady_clock::now();
  storage::Statement newest(results, "SELECT max(id) FROM attempts");
  const auto seconds = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  while (newest.find_integer().value_or(0) <= last_attempt && seconds() < 60) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return seconds();
}

TEST_F(SweepFault, SchedulesTenThousandTrialsSoonAfterAKill) {
  write_study(R"({"name": "many", "kind": "command", "command": ["sleep", "0.05"],
                  "metric": {"name": "loss"}, "parameters": {"x": {"value": 1}}, "seeds": 10000})");
  const int kills = proof_count(2, 10);
  double slowest_s = 0;
  for (int killed = 0; killed < kills; ++killed) {
    pid_t running = start();
    ASSERT_TRUE(wait_for_at_least("select count(*) from v_attempts", 20 * (killed + 1)));
    kill(running, SIGKILL);
    waitpid(running, nullptr, 0);
    ASSERT_TRUE(ends_soon());
    storage::Database results(runner_.results() / "glimpse.db", storage::OpenMode::kReadOnly);
    const auto last = storage::Statement(results, "SELECT max(id) FROM attempts").find_integer();
    running = start();
    slowest_s = std::max(slowest_s, seconds_until_an_attempt_after(results, last.value()));
    kill(running, SIGKILL);
    waitpid(running, nullptr, 0);
    ASSERT_TRUE(ends_soon());
  }
  std::cout << "PROOF|10,000 trials, the coordinator killed|" << kills << " kills|" << slowest_s
            << " s at most until it schedules again\n";
  EXPECT_LT(slowest_s, 20);
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
  const int races = proof_count(6, 50);
  write_study(R"({"name": "short", "kind": "command", "command": ["sleep", "1"],
                  "metric": {"name": "loss"}, "parameters": {"x": {"value": 1}}})");
  for (int race = 0; race < races; ++race) {
    fs::remove_all(runner_.results());
    const pid_t first = start();
    const pid_t second = start();
    const std::multiset<int> ends = {wait_for(first), wait_for(second)};
    EXPECT_EQ(ends, (std::multiset<int>{0, 78})) << "race " << race;
  }
  std::cout << "PROOF|two coordinators on one folder|" << races << " races|one wins each\n";
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

// One trial in ten is poison.
constexpr int kHealthyOfEach = 9;
constexpr int kHealthy = kHealthyOfEach * static_cast<int>(std::size(kPoisons));

class PoisonedSweep : public SweepFault {
 protected:
  PoisonedSweep() : pause_s_(proof_count(1, 10) / 10.0) {
    std::string script = "case $1 in\n";
    for (const Poison& poison : kPoisons) {
      script += std::string(poison.name) + ") " + poison.line + " ;;\n";
    }
    write_file("poison.sh",
               script + "*) sleep " + std::to_string(pause_s_) +
                   "; echo '{\"epoch\": 1, \"metrics\": {\"loss\": 1}}' >&$GLIMPSE_FD ;;\nesac\n");
  }

  void write_trials(bool with_poison) const {
    std::string values;
    for (int i = 0; i < kHealthy; ++i) {
      if (with_poison && i % kHealthyOfEach == 0) {
        values += std::string("\"") + kPoisons[i / kHealthyOfEach].name + "\", ";
      }
      values += "\"healthy" + std::to_string(i) + (i == kHealthy - 1 ? "\"" : "\", ");
    }
    write_study(R"({"name": "mixed", "kind": "command", "command": ["bash", "poison.sh", "{what}"],
      "metric": {"name": "loss"}, "retry": {"max": 2}, "limits": {
        "trial_time": ")" +
                std::to_string(pause_s_ + 2) + R"(s", "silence": ")" +
                std::to_string(pause_s_ + 1) +
                R"(s", "stop_if": {"first": 100, "of_last": [100, 1]}},
      "parameters": {"what": {"values": [)" +
                values + "]}}}");
  }
  [[nodiscard]] double query_number(const std::string& sql) const { return std::stod(query(sql)); }
  // From the first start of any trial to the end of the last healthy one.
  [[nodiscard]] double healthy_s() const {
    return query_number(
               "select max(ended_ms) - (select min(started_ms) from v_attempts) from v_attempts"
               " where state = 'finished'") /
           1000;
  }

  double pause_s_;
};

TEST_F(PoisonedSweep, KeepsPoisonFromTheHealthy) {
  write_trials(false);
  ASSERT_EQ(run().status, 0);
  const double clean_s = healthy_s();
  fs::remove_all(runner_.results());

  write_trials(true);
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
  const double poisoned_s = healthy_s();
  std::cout << "PROOF|one trial in ten is poison|" << kHealthy << " healthy trials of " << pause_s_
            << " s|" << poisoned_s << " s for them, " << clean_s << " s without poison\n";
  // What poison does before it is found out takes a share of a short sweep that is no measure.
  EXPECT_LT(poisoned_s, 1.15 * clean_s + proof_count(8, 0));
}

}  // namespace
}  // namespace glimpse::tests
