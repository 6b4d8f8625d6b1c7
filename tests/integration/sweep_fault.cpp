#include "tests/integration/sweep_fault.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <thread>

namespace glimpse::tests {
namespace {

// Twelve epochs of a few hundredths of a second; each is saved once it has been told. What was told
// and saved may have died with an agent that had no time to read it, so a new attempt begins by
// telling it again. Any of its processes may be killed, so it reads what it saved without one, for
// the death of a helper must not look like an empty file. trained.log has a line for each epoch
// that was trained.
constexpr const char* kTrainer = R"sh(
state=$GLIMPSE_RUN_DIR/state
tell() { echo "{\"epoch\": $1, \"metrics\": {\"loss\": $((1200 / $1 + x))}}" >&"$GLIMPSE_FD"; }
x=$1
e=0
if [ -e "$state" ]; then read -r e <"$state"; fi
for ((told = 1; told <= e; told++)); do tell "$told"; done
while [ "$e" -lt 12 ]; do
  e=$((e + 1))
  sleep 0.03
  echo . >>trained.log
  tell "$e"
  echo "$e" >"$state.new" && mv "$state.new" "$state" || exit 1
done
)sh";
constexpr const char* kStudy = R"({
  "name": "tiny", "kind": "command", "command": ["bash", "train.sh", "{x}"],
  "metric": {"name": "loss"}, "parameters": {"x": {"values": [1, 2, 3, 4, 5, 6, 7, 8]}},
  "seeds": 3, "retry": {"max": 100}, "limits": {"stop_if": {"first": 1000, "of_last": [1000, 1]}}
})";

}  // namespace

int proof_count(int in_every_build, int in_full) {
  const char* const wanted = std::getenv("GLIMPSE_PROOF");
  return wanted != nullptr && std::string(wanted) == "full" ? in_full : in_every_build;
}

SweepFault::SweepFault() {
  write_file("train.sh", kTrainer);
  write_study(kStudy);
}

std::string SweepFault::undisturbed_table() {
  EXPECT_EQ(run().status, 0);
  std::string all = table();
  EXPECT_GT(all.size(), 1000U);
  std::filesystem::remove_all(runner_.results());
  return all;
}

void SweepFault::sleep_at_random(int least_ms, int most_ms) {
  std::this_thread::sleep_for(
      std::chrono::milliseconds(std::uniform_int_distribution(least_ms, most_ms)(random_)));
}

std::size_t SweepFault::trained_epochs() const {
  std::ifstream log(runner_.folder() / "trained.log");
  return static_cast<std::size_t>(
      std::count(std::istreambuf_iterator<char>(log), std::istreambuf_iterator<char>(), '\n'));
}

void SweepFault::expect_nothing_ran_twice() const {
  EXPECT_EQ(query("select count(*) from (select run_id from v_attempts where state = 'finished'"
                  " group by run_id having count(*) > 1)"),
            "0\r\n");
  EXPECT_EQ(query("select count(*) from v_events where kind = 'nondeterminism'"), "0\r\n");
  EXPECT_EQ(runner_.run({"verify"}).status, 0);
}

std::set<std::string> SweepFault::rows() const {
  std::istringstream all(query("select run_id, epoch, name, value from v_metrics"));
  std::set<std::string> rows;
  for (std::string line; std::getline(all, line);) {
    rows.insert(line);
  }
  return rows;
}

}  // namespace glimpse::tests
