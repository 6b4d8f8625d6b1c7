#pragma once

// A folder with a study of a user's own program, and what tests ask about its sweep. Every process
// that the sweep starts carries a mark in its environment, so none can hide.

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sys/types.h>

#include "tests/integration/glimpse_runner.h"

namespace glimpse::tests {

class CommandSweep : public testing::Test {
 protected:
  CommandSweep();
  ~CommandSweep() override;

  // Written to study.json.
  void write_study(const std::string& json) const;
  void write_file(const std::string& name, const std::string& text) const;
  [[nodiscard]] RunResult run(std::vector<std::string> more = {}) const;
  [[nodiscard]] pid_t start(std::vector<std::string> more = {}) const;
  // As CSV without its head.
  [[nodiscard]] std::string query(const std::string& sql) const;
  // Until the query's first cell is at least this; false after so many seconds.
  [[nodiscard]] bool wait_for_at_least(const std::string& sql, int least, int seconds = 20) const;
  // Everything that must not depend on what happened on the way.
  [[nodiscard]] std::string table() const;

  // Processes that the sweep left or runs, and those of them that run a trial's program.
  [[nodiscard]] std::vector<pid_t> marked() const;
  [[nodiscard]] std::vector<pid_t> programs() const;
  // Nothing of the sweep is alive within two seconds.
  [[nodiscard]] bool ends_soon() const;

  GlimpseRunner runner_;

 private:
  std::string mark_;
};

}  // namespace glimpse::tests
