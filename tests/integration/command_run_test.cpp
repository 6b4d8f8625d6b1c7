// `glimpse run` with programs of the user's own: what they are told, what they tell, and how a
// sweep of them is stopped and goes on.

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "tests/integration/command_sweep.h"

namespace glimpse::tests {
namespace {

namespace fs = std::filesystem;

// Six epochs of a tenth of a second, taken up again where the last attempt got to. What was saved
// is told again, since its record may have been on its way when an agent died.
constexpr const char* kTrainer = R"sh(
state=$GLIMPSE_RUN_DIR/state
tell() { echo "{\"epoch\": $1, \"metrics\": {\"loss\": $((120 / $1 + x))}}" >&"$GLIMPSE_FD"; }
x=$1
e=$(cat "$state" 2>/dev/null || echo 0)
for told in $(seq "$e"); do tell "$told"; done
while [ "$e" -lt 6 ]; do
  e=$((e + 1))
  sleep 0.1
  tell "$e"
  echo "$e" >"$state.new" && mv "$state.new" "$state"
done
)sh";
constexpr const char* kStudy = R"({
  "name": "own", "kind": "command", "command": ["bash", "train.sh", "{x}"],
  "metric": {"name": "loss"}, "parameters": {"x": {"values": [1, 2]}}, "seeds": 2
})";

class CommandRun : public CommandSweep {
 protected:
  CommandRun() {
    write_file("train.sh", kTrainer);
    write_study(kStudy);
  }
  // A study of one trial of this line of bash; `more` are further keys.
  void write_line(const std::string& line, const std::string& more = "") const {
    write_file("line.sh", line);
    write_study(R"({"name": "own", "kind": "command", "command": ["bash", "line.sh", "{x}"],
                    "metric": {"name": "loss"}, "parameters": {"x": {"value": 0.5}})" +
                more + "}");
  }
};

TEST_F(CommandRun, GoesFromNothingToItsCells) {
  const RunResult first = run();
  ASSERT_EQ(first.status, 0) << first.err;
  EXPECT_NE(first.out.find("loss"), std::string::npos) << first.out;
  EXPECT_NE(first.err.find("(4 of 4)"), std::string::npos) << first.err;
  EXPECT_EQ(query("select count(*) from v_metrics"), "24\r\n");
  EXPECT_EQ(runner_.run({"verify"}).status, 0);
  const RunResult again = run();
  EXPECT_EQ(again.status, 0) << again.err;
  EXPECT_NE(again.err.find("nothing to do"), std::string::npos) << again.err;
}

TEST_F(CommandRun, ShowsOnATerminalHowFarEachTrialIs) {
  const RunResult live =
      runner_.shell("script -qec \"$GLIMPSE run ./study.json --slots 2\" /dev/null");
  EXPECT_EQ(live.status, 0) << live.err;
  EXPECT_NE(live.out.find("\x1b[J"), std::string::npos) << live.out;
  EXPECT_NE(live.out.find("  epoch "), std::string::npos) << live.out;
  EXPECT_NE(live.out.find("  best loss "), std::string::npos) << live.out;
  fs::remove_all(runner_.results());
  EXPECT_EQ(run().err.find('\x1b'), std::string::npos);
}

TEST_F(CommandRun, TellsTheProgramWhoItIs) {
  write_line(
      "echo \"$GLIMPSE_RUN_ID $GLIMPSE_ATTEMPT $GLIMPSE_SEED $1 [$CUDA_VISIBLE_DEVICES]\" >said\n"
      "echo \"$(cd \"$GLIMPSE_RUN_DIR\" && pwd)\" >>said\n");
  ASSERT_EQ(run().status, 0);
  const std::string run_id = query("select run_id from v_trials").substr(0, 32);
  std::ifstream said(runner_.folder() / "said");
  std::string line;
  std::getline(said, line);
  EXPECT_EQ(line, run_id + " 1 1 0.5 []");
  std::getline(said, line);
  EXPECT_EQ(fs::path(line),
            fs::canonical(runner_.results()) / "runs" / run_id.substr(0, 2) / run_id);
}

TEST_F(CommandRun, TakesRecordsFromWhatIsPrinted) {
  write_line("echo 'a line'; echo '{\"epoch\": 1, \"metrics\": {\"loss\": 7}}'",
             R"(, "report": "stdout")");
  ASSERT_EQ(run().status, 0);
  EXPECT_EQ(query("select objective from v_trials"), "7\r\n");
}

TEST_F(CommandRun, StartsTheMembersOfAGangTogether) {
  // As scripts of torchrun are written: each member writes its rank, the first one waits for all.
  write_line(
      "echo $RANK >\"$GLIMPSE_RUN_DIR/rank-$LOCAL_RANK-of-$WORLD_SIZE\"\n"
      "test -n \"$MASTER_PORT\" -a \"$MASTER_ADDR\" = 127.0.0.1 || exit 9\n"
      "if [ $RANK = 0 ]; then\n"
      "  until [ -e \"$GLIMPSE_RUN_DIR/rank-1-of-2\" ]; do sleep 0.05; done\n"
      "  echo '{\"epoch\": 1, \"metrics\": {\"loss\": 1}}' >&$GLIMPSE_FD\nfi",
      R"(, "resources": {"members": 2})");
  const RunResult result = run();
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(query("select objective from v_trials"), "1\r\n");
}

TEST_F(CommandRun, SaysWhatFailedAndWhatItSaidLast) {
  write_line("echo 'about to break'; exit 9");
  const RunResult result = run();
  EXPECT_EQ(result.status, 3) << result.err;
  EXPECT_NE(result.err.find("exit code 9"), std::string::npos) << result.err;
  EXPECT_NE(result.err.find("about to break"), std::string::npos) << result.err;
  EXPECT_EQ(query("select count(*) from v_attempts where class = 'exit_code'"), "3\r\n");
  EXPECT_EQ(query("select attempt, kind, detail->>'class' from v_events order by attempt"),
            "1,retry,exit_code\r\n2,retry,exit_code\r\n3,given_up,exit_code\r\n");

  const RunResult again = run();
  EXPECT_EQ(again.status, 3);
  EXPECT_EQ(query("select count(*) from v_attempts"), "3\r\n");
  write_file("line.sh", "exit 0");  // another program is another trial
  EXPECT_EQ(run().status, 0);
}

TEST_F(CommandRun, TriesFailedTrialsAgainWhenAsked) {
  write_line("test -e mended || exit 9", R"(, "retry": {"max": 1}, "code": [])");
  EXPECT_EQ(run().status, 3);
  write_file("mended", "");
  EXPECT_EQ(run().status, 3);
  EXPECT_EQ(run({"--retry-failed", "oom"}).status, 3);
  EXPECT_EQ(run({"--retry-failed"}).status, 0);
  EXPECT_EQ(query("select state, attempts from v_trials"), "done,2\r\n");
}

TEST_F(CommandRun, GivesTheSameTableWhateverStopsIt) {
  ASSERT_EQ(run().status, 0);
  const std::string undisturbed = table();
  for (const int signal : {SIGINT, SIGTERM, SIGUSR1, SIGKILL}) {
    fs::remove_all(runner_.results());
    const pid_t first = start();
    ASSERT_TRUE(wait_for_at_least("select count(*) from v_metrics", 4));
    kill(first, signal);
    EXPECT_EQ(wait_for(first), signal == SIGKILL ? 128 + SIGKILL : 75);
    EXPECT_TRUE(ends_soon()) << "signal " << signal << " left something running";
    const RunResult second = run();
    EXPECT_EQ(second.status, 0) << second.err;
    EXPECT_EQ(table(), undisturbed) << "after signal " << signal;
    EXPECT_EQ(query("select count(*) from v_events where kind = 'nondeterminism'"), "0\r\n");
    EXPECT_EQ(runner_.run({"verify"}).status, 0);
  }
}

TEST_F(CommandRun, HearsCtrlCOnATerminal) {
  const RunResult stopped = runner_.shell(
      "set -o pipefail; (until [ -e glimpse-results/glimpse.db ]; do sleep 0.05; done; printf "
      "'\\003'; sleep 2) |"
      " script -qec \"exec $GLIMPSE run ./study.json --slots 2\" /dev/null");
  EXPECT_EQ(stopped.status, 75) << stopped.out << stopped.err;
  EXPECT_NE(stopped.out.find("the same command goes on"), std::string::npos) << stopped.out;
  EXPECT_EQ(run().status, 0);
}

// As Slurm does with --signal and scancel: it tells every process of a step.
TEST_F(CommandRun, StopsProgramsCleanlyThatABatchSystemToldToo) {
  write_line(
      "trap 'exit 75' TERM\n"
      "echo '{\"epoch\": 1, \"metrics\": {\"loss\": 1}}' >&$GLIMPSE_FD\n"
      "while true; do sleep 0.1; done");
  const pid_t running = start();
  ASSERT_TRUE(wait_for_at_least("select count(*) from v_metrics", 1));
  for (const pid_t program : programs()) {
    kill(program, SIGUSR1);
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(200));  // the agent hears of it last
  kill(running, SIGUSR1);
  EXPECT_EQ(wait_for(running), 75);
  EXPECT_EQ(query("select state from v_attempts"), "stopped\r\n");
}

TEST_F(CommandRun, EndsAtOnceWhenAskedTwice) {
  write_line(
      "trap '' TERM; echo '{\"epoch\": 1, \"metrics\": {\"loss\": 1}}' >&$GLIMPSE_FD\n"
      "while true; do sleep 1; done");
  const pid_t running = start();
  ASSERT_TRUE(wait_for_at_least("select count(*) from v_metrics", 1));
  kill(running, SIGINT);
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  kill(running, SIGINT);
  EXPECT_EQ(wait_for(running), 75);
  EXPECT_TRUE(ends_soon());
}

TEST_F(CommandRun, StopsInTimeForTheEndOfTheMachine) {
  write_line("trap 'exit 75' TERM; while true; do sleep 0.1; done");
  const RunResult result = run({"--until", "4s"});
  EXPECT_EQ(result.status, 75) << result.err;
  EXPECT_EQ(query("select state from v_attempts"), "stopped\r\n");
}

TEST_F(CommandRun, GivesUpAStudyThatOnlyFails) {
  write_study(R"({"name": "own", "kind": "command", "command": ["false"], "retry": {"max": 1},
                  "metric": {"name": "loss"}, "seeds": 30, "parameters": {"x": {"value": 1}},
                  "limits": {"stop_if": {"first": 5}}})");
  const RunResult result = run();
  EXPECT_EQ(result.status, 3);
  EXPECT_NE(result.err.find("own: "), std::string::npos) << result.err;
  const std::string tried = query("select count(*) from v_attempts");
  EXPECT_LE(std::stoi(tried), 7) << result.err;  // two were under way
}

TEST_F(CommandRun, GivesEachProgramItsGpus) {
  write_line("echo \"[$CUDA_VISIBLE_DEVICES]\" >>seen; sleep 0.5",
             R"(, "resources": {"gpus": 1}, "seeds": 2)");
  ASSERT_EQ(run().status, 0);  // --slots says how many there are
  EXPECT_EQ(runner_.shell("sort seen").out, "[0]\n[1]\n");
}

TEST_F(CommandRun, KeepsToABudgetAcrossRuns) {
  write_study(R"({"name": "own", "kind": "command", "command": ["sleep", "0.3"],
                  "metric": {"name": "loss"}, "seeds": 20, "parameters": {"x": {"value": 1}},
                  "limits": {"device_hours": 0.0005}})");
  const RunResult first = run();
  EXPECT_EQ(first.status, 75) << first.err;
  const int tried = std::stoi(query("select count(*) from v_attempts"));
  EXPECT_GE(tried, 4);
  EXPECT_LE(tried, 8);  // 1.8 seconds of slots
  EXPECT_EQ(run().status, 75);
  EXPECT_EQ(query("select count(*) from v_attempts"), std::to_string(tried) + "\r\n");
}

TEST_F(CommandRun, CallsAProgramThatTakesTooMuchMemoryByItsName) {
  write_line("a=$(head -c 200000000 /dev/zero | tr '\\0' x); echo ${#a}",
             R"(, "resources": {"memory": "64MiB"}, "retry": {"max": 1})");
  EXPECT_EQ(run().status, 3);
  EXPECT_EQ(query("select class from v_attempts"), "host_oom\r\n");
}

TEST_F(CommandRun, TakesUpWhatIsSubmittedAndStopsOnRequest) {
  write_line("echo '{\"epoch\": 1, \"metrics\": {\"loss\": 1}}' >&$GLIMPSE_FD; exec sleep 1000");
  const pid_t running = start();
  ASSERT_TRUE(wait_for_at_least("select count(*) from v_metrics", 1));
  std::ofstream(runner_.folder() / "second.json") << R"({"name": "second", "kind": "command",
      "command": ["true"], "metric": {"name": "loss"}, "parameters": {"x": {"value": 1}}})";
  const RunResult submitted = runner_.run({"submit", "./second.json"});
  EXPECT_EQ(submitted.status, 0) << submitted.err;
  EXPECT_TRUE(wait_for_at_least(
      "select count(*) from v_plan where study = 'second' and state = 'done'", 1));
  const RunResult stopped = runner_.run({"stop", "own", "--wait"});
  EXPECT_EQ(stopped.status, 0) << stopped.err;
  EXPECT_EQ(wait_for(running), 75);
  EXPECT_EQ(query("select state from v_attempts order by 1"), "finished\r\nstopped\r\n");
  EXPECT_TRUE(ends_soon());
}

TEST_F(CommandRun, StartsInTheBackgroundWhatIsSubmittedToNobody) {
  const RunResult submitted = runner_.run({"submit", "./study.json"});
  EXPECT_EQ(submitted.status, 0) << submitted.err;
  EXPECT_TRUE(wait_for_at_least("select count(*) from v_trials where state = 'done'", 4));
  EXPECT_TRUE(ends_soon());
}

TEST_F(CommandRun, SaysWhichTrialsAreTooBig) {
  write_line("exit 0", R"(, "resources": {"cores": 3})");
  const RunResult result = run();
  EXPECT_EQ(result.status, 75);
  EXPECT_NE(result.err.find("3 slots"), std::string::npos) << result.err;
}

TEST_F(CommandRun, RunsACommandAtTheEnd) {
  ASSERT_EQ(run({"--on-finish", "echo $GLIMPSE_STUDY $GLIMPSE_EXIT >finished"}).status, 0);
  std::ifstream finished(runner_.folder() / "finished");
  std::string line;
  std::getline(finished, line);
  EXPECT_EQ(line, "own 0");
}

}  // namespace
}  // namespace glimpse::tests
