// Sweeps whose disk is full, fails or takes the process down at each durable step in turn, on a
// disk of this node and on a network file system. A healthy run of the same command afterwards
// ends with the table of a sweep that nothing happened to.

#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <iostream>
#include <string>

#include <gtest/gtest.h>

#include "tests/integration/sweep_fault.h"
#include "tests/support/io_fault.h"
#include "tests/support/temp_dir.h"

namespace glimpse::tests {
namespace {

constexpr std::uint64_t kNfs = 0x6969;
// What `timeout` says of a program that hangs.
constexpr int kHung = 124;

class SweepDiskFault : public CommandSweep {
 protected:
  SweepDiskFault() {
    // Writes nothing below the results, so that every operation that counts is one of ours.
    write_file("train.sh",
               "echo . >>ran.log\n"
               "for e in 1 2; do\n"
               "  echo \"{\\\"epoch\\\": $e, \\\"metrics\\\": {\\\"loss\\\": $(($1 * 10 - e))}}\""
               " >&\"$GLIMPSE_FD\"\n"
               "done\n");
    write_study(R"({"name": "tiny", "kind": "command", "command": ["bash", "train.sh", "{x}"],
                    "metric": {"name": "loss"}, "parameters": {"x": {"values": [1, 2]}}})");
  }

  [[nodiscard]] ChildResult run_with(IoFault fault) const {
    fault.folder = runner_.results();
    return run_with_fault({"/bin/bash",
                           "-c",
                           "cd '" + runner_.folder().string() +
                               "' && exec timeout 60 \"$0\" run ./study.json --slots 1",
                           GlimpseRunner::command({}).at(0)},
                          fault);
  }
  void expect_whole(const std::string& undisturbed, std::uint64_t file_system) const {
    const ChildResult again = run_with({.action = "count", .file_system = file_system});
    EXPECT_EQ(again.exit_code, 0) << again.output;
    EXPECT_EQ(table(), undisturbed);
    // What one trial did may be lost with it, and nothing else.
    EXPECT_LE(runner_.shell("wc -l <ran.log").out, "3\n");
    const RunResult verified = runner_.run({"verify"});
    EXPECT_EQ(verified.status, 0) << verified.out;
  }
  void begin_anew() const {
    std::filesystem::remove_all(runner_.results());
    std::filesystem::remove(runner_.folder() / "ran.log");
  }
  // Each `stride`-th operation, so that a short walk passes all parts of a run too.
  void walk(IoFault fault, int stride, const std::function<void(const ChildResult&)>& judge) const {
    const ChildResult whole = run_with({.action = "count", .file_system = fault.file_system});
    ASSERT_EQ(whole.exit_code, 0) << whole.output;
    const std::string undisturbed = table();
    EXPECT_GT(undisturbed.size(), 100U);
    int faults = 0;
    for (fault.at = 1;; fault.at += static_cast<std::uint64_t>(stride)) {
      begin_anew();
      const ChildResult result = run_with(fault);
      if (!result.has_fired) {
        break;
      }
      ++faults;
      SCOPED_TRACE(fault.action + " at operation " + std::to_string(fault.at) + ":\n" +
                   result.output);
      EXPECT_NE(result.exit_code, kHung);
      judge(result);
      expect_whole(undisturbed, fault.file_system);
    }
    EXPECT_GE(faults, static_cast<int>(whole.calls) / stride / 2);
    std::cout << "PROOF|" << fault.action << " at file operations"
              << (fault.file_system == kNfs ? ", network file system" : "") << "|" << faults
              << (stride > 1 ? " of them" : ", each") << "|the next run ends as undisturbed\n";
  }
};

void expect_one_line(const ChildResult& result) {
  EXPECT_TRUE(result.exit_code == 0 || result.exit_code == 73) << result.exit_code;
  const std::size_t said = result.output.find("glimpse: error: ");
  EXPECT_EQ(said == std::string::npos, result.exit_code == 0);
  if (said != std::string::npos) {
    EXPECT_EQ(result.output.find('\n', said), result.output.size() - 1) << "more than a line";
  }
}

void expect_killed(const ChildResult& result) {
  EXPECT_TRUE(result.signal == SIGKILL || result.exit_code == 128 + SIGKILL) << result.exit_code;
}

TEST_F(SweepDiskFault, GoesOnAfterOneWriteFoundNoRoom) {
  walk({.action = "ENOSPC"}, proof_count(17, 1), expect_one_line);
}

TEST_F(SweepDiskFault, GoesOnAfterTheDiskWasFull) {
  walk({.action = "fill"}, proof_count(17, 1), expect_one_line);
}

TEST_F(SweepDiskFault, GoesOnAfterItDiedAtAnyStep) {
  walk({.action = "kill"}, proof_count(17, 1), expect_killed);
}

// There the live database lies elsewhere and is lost with the node; what was published and the
// journals give everything back.
TEST_F(SweepDiskFault, GoesOnAfterItDiedAtAnyStepOnANetworkFileSystem) {
  const TempDir local;
  ::setenv("TMPDIR", local.path().c_str(), 1);
  walk({.action = "kill", .file_system = kNfs}, proof_count(7, 1), [&](const ChildResult& result) {
    expect_killed(result);
    EXPECT_FALSE(std::filesystem::exists(runner_.results() / "glimpse.db-wal"));
    std::filesystem::remove_all(local.path());
    std::filesystem::create_directory(local.path());
  });
  ::unsetenv("TMPDIR");
}

}  // namespace
}  // namespace glimpse::tests
