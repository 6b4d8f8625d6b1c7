#pragma once

// Runs the real program in a folder of its own, with an environment of its own, and gives back what
// it printed and how it ended.

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <sys/types.h>

#include "tests/support/temp_dir.h"

namespace glimpse::tests {

struct RunResult {
  int status = 0;  // exit code, or 128 + the signal that ended it
  std::string out;
  std::string err;
};

class GlimpseRunner {
 public:
  // Nothing of the tester's environment but PATH gets through; the home folder is empty.
  GlimpseRunner();

  RunResult run(const std::vector<std::string>& arguments) const;
  // A dataset of built-in digits with these NAME=VALUEs: its file.
  [[nodiscard]] std::string build_dataset(const std::vector<std::string>& given) const;
  // Any program, in the same folder and environment.
  RunResult run_program(const std::vector<std::string>& command) const;
  // The command that run() starts, for tests that start it themselves.
  [[nodiscard]] static std::vector<std::string> command(const std::vector<std::string>& arguments);
  // Starts without waiting; output is thrown away.
  [[nodiscard]] pid_t start(const std::vector<std::string>& arguments) const;
  [[nodiscard]] pid_t start_program(const std::vector<std::string>& command) const;

  // Runs a line of bash, where $GLIMPSE is the program.
  RunResult shell(const std::string& line) const;

  [[nodiscard]] const std::filesystem::path& folder() const { return dir_.path(); }
  [[nodiscard]] std::filesystem::path results() const { return dir_ / "glimpse-results"; }
  void set(const std::string& name, const std::string& value) { environment_[name] = value; }

 private:
  TempDir dir_;
  std::map<std::string, std::string> environment_;
};

int wait_for(pid_t child);

}  // namespace glimpse::tests
