// gc killed at every one of its steps, and without room: nothing that is left is damage, nothing
// that is needed is gone, and the next gc finishes the work.

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <sstream>

#include <gtest/gtest.h>

#include "storage/safetensors/checkpoint.h"
#include "tests/integration/control_results.h"
#include "tests/integration/glimpse_runner.h"
#include "tests/support/io_fault.h"

namespace glimpse::tests {
namespace {

namespace fs = std::filesystem;

fs::path results_of(const fs::path& folder) {
  return folder / "results";
}

// One trial, done, with five checkpoints of which two are needed.
void prepare(const fs::path& folder) {
  ControlResults results(results_of(folder), 1);
  const auto attempt = results.start(0, "log\n");
  for (int epoch = 1; epoch <= 5; ++epoch) {
    results.end_epoch(attempt, epoch, epoch == 2 ? 1 : 10);
    results.save(0, attempt, epoch * 100, epoch);
  }
  results.finish(attempt);
}

std::vector<std::uint64_t> steps_left(const fs::path& folder) {
  const storage::ResultsFolder results(results_of(folder));
  std::vector<std::uint64_t> steps;
  for (const auto& checkpoint :
       storage::list_checkpoints(results.attempt_folder(sample_run(0), 1).path)) {
    steps.push_back(checkpoint.name.step);
  }
  return steps;
}

std::vector<std::string> gc_command(const fs::path& folder) {
  return GlimpseRunner::command({"gc", "--yes", "--results", results_of(folder).string()});
}

// SQLite's own journal is left where a process died while it opened or closed the database. Nothing
// is lost then, but only the next writer can clean up.
bool only_waits_for_a_writer(const RunResult& verified) {
  std::size_t damaged = 0;
  std::istringstream lines(verified.out);
  for (std::string line; std::getline(lines, line);) {
    if (line.find(",damaged,") != std::string::npos) {
      ++damaged;
    }
  }
  return damaged == 1 && verified.out.find("a writer died here") != std::string::npos;
}

// Whether the next writer had to clean up.
bool judge(const fs::path& folder) {
  const GlimpseRunner glimpse;
  const std::vector<std::string> verify = {
      "verify", "--format", "csv", "--results", results_of(folder).string()};
  const RunResult verified = glimpse.run(verify);
  EXPECT_TRUE(verified.status == 0 || only_waits_for_a_writer(verified)) << verified.out;
  const std::vector<std::uint64_t> left = steps_left(folder);
  EXPECT_EQ(std::count(left.begin(), left.end(), 200), 1) << "the best";
  EXPECT_EQ(std::count(left.begin(), left.end(), 500), 1) << "the last";
  const RunResult again = glimpse.run_program(gc_command(folder));
  EXPECT_EQ(again.status, 0) << again.err;
  EXPECT_EQ(steps_left(folder), (std::vector<std::uint64_t>{500, 200}));
  const RunResult after = glimpse.run(verify);
  EXPECT_EQ(after.status, 0) << after.out << after.err;
  return verified.status != 0;
}

void disturb(const std::string& action, const std::string& operations) {
  int cleaned = 0;
  const std::uint64_t failed =
      fail_every_operation({.action = action,
                            .operations = operations,
                            .prepare = prepare,
                            .command = gc_command,
                            .judge = [&](const fs::path& folder, const ChildResult&) {
                              cleaned += judge(folder) ? 1 : 0;
                            }});
  EXPECT_GE(failed, 8U);
  std::printf("%s at each of %llu steps; after %d of them SQLite had to clean up\n",
              action.c_str(),
              static_cast<unsigned long long>(failed),
              cleaned);
}

TEST(GcFaults, LeaveNoDamageWhenKilled) {
  disturb("kill", "write,sync,truncate,rename,remove");
}

TEST(GcFaults, LeaveNoDamageWhenTheDiskFails) {
  disturb("EIO", "write,sync,truncate,rename,remove");
}

}  // namespace
}  // namespace glimpse::tests
