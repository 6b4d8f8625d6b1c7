// `glimpse verify --rebuild`: the database of real sweeps, made again from texts and journals.

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

#include "tests/integration/command_sweep.h"

namespace glimpse::tests {
namespace {

namespace fs = std::filesystem;

// Four epochs of x; x = 3 fails each time, x = 4 the first time, and seed 2 of x = 5 diverges.
constexpr const char* kTrainer = R"sh(
state=$GLIMPSE_RUN_DIR/state
e=$(cat "$state" 2>/dev/null || echo 0)
tell() { echo "$1" >&"$GLIMPSE_FD"; }
test "$1" = 3 && { echo "no three"; exit 9; }
while [ "$e" -lt 4 ]; do
  e=$((e + 1))
  sleep 0.05
  tell "{\"epoch\": $e, \"metrics\": {\"loss\": $((120 / e + $1))}, \"timings\": {\"s\": 0.5}}"
  echo "$e" >"$state.new" && mv "$state.new" "$state"
  test "$1$e$GLIMPSE_ATTEMPT" = 421 && exit 7
done
test "$1$GLIMPSE_SEED" = 52 && tell '{"type": "finished", "outcome": "diverged"}'
exit 0
)sh";
constexpr const char* kStudy = R"({
  "name": "own", "kind": "command", "command": ["bash", "train.sh", "{x}"],
  "metric": {"name": "loss"}, "parameters": {"x": {"values": [1, 2, 3, 4, 5]}}, "seeds": 2,
  "retry": {"max": 2}
})";
// Both draws of x run with one seed; the better one gets the rest.
constexpr const char* kSelection = R"({
  "name": "own", "kind": "command", "command": ["bash", "train.sh", "{x}"],
  "metric": {"name": "loss"}, "parameters": {"x": {"values": [1, 2]},
  "row": {"value": "a"}, "column": {"value": "b"}}, "seeds": 3,
  "table": {"metric": "loss", "rows": "row", "columns": "column",
            "select": {"best": "loss", "over": ["x"], "seeds": 1}}
})";

class Rebuild : public CommandSweep {
 protected:
  Rebuild() {
    write_file("train.sh", kTrainer);
    write_study(kStudy);
  }
  [[nodiscard]] RunResult rebuild() const { return runner_.run({"verify", "--rebuild"}); }
  // All that a database made again must say as the old one did.
  [[nodiscard]] std::string database() const {
    return table() + query("select * from v_cells order by study, parameters, name") +
           query(
               "select run_id, attempt, state, class, message, records_taken, checkpoints from"
               " v_attempts where state <> 'lost' order by run_id, attempt") +
           query("select run_id, attempt, state from v_attempts order by run_id, attempt") +
           query(
               "select run_id, study, studies, seed, arm, parameters, kind, code, dataset,"
               " world_size, key, attempts from v_trials order by run_id") +
           query(
               "select study, run_id, position, stage, configuration from v_plan"
               " order by study, position") +
           query("select run_id, attempt, epoch, name, value from v_timings order by 1, 2, 3, 4") +
           query("select study, text_hash, metric, goal, trials from v_studies order by 1, 2");
  }
  [[nodiscard]] fs::path file() const { return runner_.results() / "glimpse.db"; }
  // Of the only run with this value of x.
  [[nodiscard]] fs::path run_folder(const std::string& x) const {
    const std::string run_id =
        query("select run_id from v_trials where parameters like '%\"x\":" + x +
              "%' order by seed limit 1")
            .substr(0, 32);
    return runner_.results() / "runs" / run_id.substr(0, 2) / run_id;
  }
  [[nodiscard]] std::size_t kept_databases() const {
    std::size_t kept = 0;
    for (const auto& entry : fs::directory_iterator(runner_.results())) {
      const std::string name = entry.path().filename().string();
      kept += name.starts_with("glimpse.db.before-rebuild-") ? 1 : 0;
      EXPECT_FALSE(name.starts_with("glimpse.db.rebuil")) << name;
    }
    return kept;
  }
  void expect_the_same_again(const std::string& old) {
    fs::remove(file());
    const RunResult result = rebuild();
    EXPECT_EQ(result.status, 0) << result.err << result.out;
    EXPECT_EQ(database(), old);
    EXPECT_EQ(runner_.run({"verify"}).status, 0);
  }
};

TEST_F(Rebuild, GivesWhatSweepsOfAllKindsOfEndsSaid) {
  ASSERT_EQ(run().status, 3);
  const std::string old = database();
  EXPECT_EQ(query("select state, count(*) from v_trials group by state order by state"),
            "done,8\r\nfailed,2\r\n");
  EXPECT_EQ(query("select count(*) from v_attempts where state = 'failed'"), "6\r\n");
  expect_the_same_again(old);
  EXPECT_EQ(kept_databases(), 0U);
  const RunResult again = run();
  EXPECT_NE(again.err.find("nothing to do"), std::string::npos) << again.err;
}

TEST_F(Rebuild, GivesWhatAKilledSweepSaid) {
  const pid_t running = start();
  ASSERT_TRUE(wait_for_at_least("select count(*) from v_metrics", 6));
  kill(running, SIGKILL);
  wait_for(running);
  ASSERT_TRUE(ends_soon());
  ASSERT_EQ(run().status, 3);
  EXPECT_NE(query("select count(*) from v_attempts where state = 'lost'"), "0\r\n");
  expect_the_same_again(database());
}

TEST_F(Rebuild, GivesASweepThatIsNotOverAndCanGoOn) {
  const pid_t running = start();
  ASSERT_TRUE(wait_for_at_least("select count(*) from v_metrics", 6));
  kill(running, SIGTERM);
  EXPECT_EQ(wait_for(running), 75);
  EXPECT_NE(query("select count(*) from v_trials where state = 'pending'"), "0\r\n");
  expect_the_same_again(database());
  EXPECT_EQ(run().status, 3);
  EXPECT_EQ(query("select count(*) from v_trials where state = 'done'"), "8\r\n");
}

TEST_F(Rebuild, PlansASelectionAgainAsItsResultsComeIn) {
  write_study(kSelection);
  ASSERT_EQ(run().status, 0);
  EXPECT_EQ(query("select count(*) from v_plan where stage = 2"), "2\r\n");
  expect_the_same_again(database());
}

TEST_F(Rebuild, KeepsRevisionsAndRunsOfProgramsThatHaveChanged) {
  ASSERT_EQ(run().status, 3);
  std::string edited = kStudy;
  edited.replace(edited.find("[1, 2, 3, 4, 5]"), 15, "[1, 6]");
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  write_study(edited);
  ASSERT_EQ(run().status, 0);
  const std::string old = table() + query("select * from v_cells order by parameters, name");
  write_file("train.sh", "exit 1");  // each trial would have another key from now on
  fs::remove(file());
  const RunResult result = rebuild();
  EXPECT_EQ(result.status, 0) << result.err << result.out;
  EXPECT_EQ(table() + query("select * from v_cells order by parameters, name"), old);
  EXPECT_EQ(query("select study, revision, trials from v_studies order by revision"),
            "own,1,10\r\nown,2,4\r\n");
}

TEST_F(Rebuild, NamesRunsThatNoStoredStudyPlans) {
  ASSERT_EQ(run().status, 3);
  fs::remove_all(runner_.results() / "studies");
  fs::remove(file());
  const RunResult result = rebuild();
  EXPECT_EQ(result.status, 65);
  EXPECT_NE(result.out.find("trial.json"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("no stored study plans it"), std::string::npos) << result.out;
}

TEST_F(Rebuild, NamesDamageAndBringsTheRestBack) {
  ASSERT_EQ(run().status, 3);
  const fs::path run_id = run_folder("1").filename();
  const fs::path journal = run_folder("1") / "attempt-1" / "journal.jsonl";
  std::string text;
  {
    std::ifstream in(journal);
    text.assign(std::istreambuf_iterator<char>(in), {});
  }
  const std::size_t third = text.find('\n', text.find('\n') + 1) + 1;
  text[third + 30] ^= 1;
  std::ofstream(journal) << text;
  fs::remove(file());
  const RunResult result = rebuild();
  EXPECT_EQ(result.status, 65);
  EXPECT_NE(result.out.find("attempt-1/journal.jsonl"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("line 3"), std::string::npos) << result.out;
  EXPECT_EQ(query("select state, attempts from v_trials where run_id = '" + run_id.string() + "'"),
            "pending,1\r\n");
  EXPECT_EQ(query("select count(*) from v_metrics where run_id = '" + run_id.string() + "'"),
            "2\r\n");
  EXPECT_EQ(query("select count(*) from v_trials where state = 'done'"), "7\r\n");
}

TEST_F(Rebuild, GoesWithoutATrialFileAndVerifyNamesADamagedOne) {
  ASSERT_EQ(run().status, 3);
  const std::string old = database();
  const fs::path file = run_folder("2") / "trial.json";
  std::ofstream(file) << "{";
  const RunResult damaged = runner_.run({"verify", "--format", "csv"});
  EXPECT_EQ(damaged.status, 65);
  EXPECT_NE(damaged.out.find("trial.json,damaged,"), std::string::npos) << damaged.out;
  const RunResult told = rebuild();
  EXPECT_EQ(told.status, 65);
  EXPECT_NE(told.out.find("trial.json"), std::string::npos) << told.out;
  EXPECT_EQ(database(), old) << "the plan names the run, too";
  fs::remove(file);
  expect_the_same_again(old);
}

TEST_F(Rebuild, KeepsTheOldDatabaseBesideTheNewOne) {
  ASSERT_EQ(run().status, 3);
  const std::string old = database();
  std::ofstream(file()) << "no database at all";
  std::ofstream(file().string() + "-wal") << "nor a log";
  EXPECT_EQ(rebuild().status, 0);
  EXPECT_EQ(kept_databases(), 2U);
  EXPECT_FALSE(fs::exists(file().string() + "-wal"));
  EXPECT_EQ(database(), old);
}

TEST_F(Rebuild, IsRefusedWhileACoordinatorHoldsTheFolder) {
  write_file("train.sh", "sleep 100");
  const pid_t running = start();
  ASSERT_TRUE(wait_for_at_least("select count(*) from v_attempts", 1));
  const RunResult result = rebuild();
  EXPECT_EQ(result.status, 78) << result.err;
  EXPECT_NE(result.err.find("a coordinator holds"), std::string::npos) << result.err;
  kill(running, SIGTERM);
  wait_for(running);
}

}  // namespace
}  // namespace glimpse::tests
