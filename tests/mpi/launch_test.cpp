// Jobs of real ranks that go wrong, and `glimpse` under mpirun, as users start it.

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "launcher/cores.h"
#include "tests/integration/glimpse_runner.h"

namespace glimpse::tests {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

class Launch : public testing::Test {
 protected:
  Launch() {
    for (const std::string& variable : Words{GLIMPSE_MPI_ENVIRONMENT}) {
      const std::size_t equals = variable.find('=');
      runner.set(variable.substr(0, equals), variable.substr(equals + 1));
    }
  }

  [[nodiscard]] RunResult ranks(int count, const Words& command) const {
    Words words{GLIMPSE_MPIEXEC, "-n", std::to_string(count)};
    words.insert(words.end(), command.begin(), command.end());
    return runner.run_program(words);
  }

  // The program in a folder of its own, so that a test decides what lies beside it.
  [[nodiscard]] std::string copy_of_glimpse() const {
    const fs::path copy = runner.folder() / "bin" / "glimpse";
    fs::create_directories(copy.parent_path());
    fs::copy_file(GlimpseRunner::command({}).front(), copy, fs::copy_options::overwrite_existing);
    return copy;
  }

  GlimpseRunner runner;
};

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

std::string one_core() {
  return std::to_string(launcher::nth_core(0));
}

TEST_F(Launch, RanksThatFitWorkAndEndWithTheCodeOfRank0) {
  const RunResult result = ranks(3, {GLIMPSE_RANK_PROGRAM, "work"});
  EXPECT_EQ(result.status, 3) << result.err;
  EXPECT_EQ(result.out, "worked on 3 ranks\n");
}

TEST_F(Launch, ARankThatThrowsEndsAllWithItsOwnWordsAndCode) {
  const auto start = std::chrono::steady_clock::now();
  const RunResult result = ranks(3, {GLIMPSE_RANK_PROGRAM, "throw"});
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  EXPECT_EQ(result.status, 1);
  EXPECT_EQ(count_of(result.err, "glimpse: error: rank 1: rank 1 broke on purpose\n"), 1U)
      << result.err;
  EXPECT_LT(taken.count(), 10);
}

TEST_F(Launch, ARankThatJustLeavesEndsAll) {
  EXPECT_EQ(ranks(2, {GLIMPSE_RANK_PROGRAM, "leave"}).status, 9);
}

TEST_F(Launch, RanksOfOtherVersionsAreRefusedOnceBySayingSo) {
  const RunResult result = ranks(
      1, {GLIMPSE_RANK_PROGRAM, "version", "+x", ":", "-n", "1", GLIMPSE_RANK_PROGRAM, "version"});
  EXPECT_EQ(result.status, 78);
  EXPECT_EQ(count_of(result.err, "glimpse: error: rank 0 on "), 1U) << result.err;
  EXPECT_EQ(count_of(result.err, "start the same build everywhere"), 1U) << result.err;
}

TEST_F(Launch, RanksWithOtherCommandsAreRefused) {
  const RunResult result = ranks(
      1, {GLIMPSE_RANK_PROGRAM, "work", "a", ":", "-n", "1", GLIMPSE_RANK_PROGRAM, "work", "b"});
  EXPECT_EQ(result.status, 78);
  EXPECT_EQ(count_of(result.err, "were told different things"), 1U) << result.err;
}

TEST_F(Launch, MoreRanksThanCoresAreRefusedUnlessSlotsAreGiven) {
  // One core for three ranks, whatever machine this is.
  const Words bound{"taskset", "-c", one_core(), GLIMPSE_RANK_PROGRAM};
  Words crowd = bound;
  crowd.emplace_back("crowd");
  const RunResult refused = ranks(3, crowd);
  EXPECT_EQ(refused.status, 78);
  EXPECT_EQ(count_of(refused.err, " have 1 core between them "), 1U) << refused.err;
  Words given = bound;
  given.emplace_back("work");
  EXPECT_EQ(ranks(3, given).status, 3);
}

TEST_F(Launch, IndependentCopiesAreRefused) {
  runner.set("SLURM_STEP_NUM_TASKS", "2");
  const RunResult result = runner.run_program({GLIMPSE_RANK_PROGRAM, "work"});
  EXPECT_EQ(result.status, 78);
  EXPECT_EQ(result.err,
            "glimpse: error: started as 2 independent copies; use `srun --mpi=pmix` (see `srun "
            "--mpi=list`) or `mpirun`\n");
}

TEST_F(Launch, GlimpseItselfLinksNoMpi) {
  const auto needed = [&](const std::string& program) {
    return runner.run_program({"readelf", "-d", program}).out;
  };
  const std::string glimpse = needed(GlimpseRunner::command({}).front());
  EXPECT_NE(glimpse.find("(NEEDED)"), std::string::npos);
  EXPECT_EQ(glimpse.find("libmpi"), std::string::npos);
  EXPECT_NE(needed(GLIMPSE_MPI_PROGRAM).find("libmpi"), std::string::npos);
}

TEST_F(Launch, RunAsOneOfSeveralRanksBecomesGlimpseMpi) {
  const std::string glimpse = copy_of_glimpse();
  runner.shell(
      "printf '#!/bin/sh\\necho became \"$@\" in $$ = $GLIMPSE_REEXECUTED\\n' "
      "> bin/glimpse-mpi; chmod 755 bin/glimpse-mpi");
  const RunResult result = ranks(2, {glimpse, "run", "table1-smoke", "seeds=3"});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(count_of(result.out, "became run table1-smoke seeds=3 in "), 2U) << result.out;
  // Another verb stays what it is, and so does a process that is alone.
  EXPECT_EQ(count_of(ranks(2, {glimpse, "version"}).out, "built with "), 2U);
  EXPECT_EQ(runner.run_program({glimpse, "run"}).out, "");
}

TEST_F(Launch, WithoutGlimpseMpiRunSaysHowToGetIt) {
  const RunResult result = ranks(2, {copy_of_glimpse(), "run", "table1-smoke"});
  EXPECT_EQ(result.status, 69);
  EXPECT_NE(result.err.find("started as one of 2 ranks, but cannot start"), std::string::npos);
  EXPECT_NE(result.err.find("apt-get install libopenmpi-dev openmpi-bin"), std::string::npos);
}

TEST_F(Launch, AGlimpseMpiThatIsGlimpseDoesNotLoop) {
  const std::string glimpse = copy_of_glimpse();
  fs::create_symlink("glimpse", runner.folder() / "bin" / "glimpse-mpi");
  const RunResult result = ranks(2, {glimpse, "run", "table1-smoke"});
  EXPECT_EQ(result.status, 69);
  EXPECT_NE(result.err.find("knows no MPI"), std::string::npos) << result.err;
}

TEST_F(Launch, GlimpseMpiKnowsAllVerbs) {
  const RunResult result = runner.run_program({GLIMPSE_MPI_PROGRAM, "version"});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(result.out, runner.run({"version"}).out);
}

}  // namespace
}  // namespace glimpse::tests
