#pragma once

// Real children for a test, and what became of them. What they start is told by a variable of their
// environment that no other process has. The test has one thread and adopts whatever loses its
// parents, so that nothing can get away from it unseen.

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "launcher/children/process_children.h"

namespace glimpse::tests {

struct ChildStory {
  std::string printed;
  std::vector<std::string> lines;
  int long_lines = 0;
  int status = -1;  // until it ended
};

class ChildrenTest : public testing::Test {
 protected:
  ChildrenTest();
  ~ChildrenTest() override;

  [[nodiscard]] launcher::ChildOrder order(std::vector<std::string> arguments) const;
  [[nodiscard]] launcher::ChildOrder bash(const std::string& script) const;

  // Each takes in what comes until its condition holds; false after ten seconds.
  bool wait_for_end(launcher::ProcessChildren& children, launcher::ChildId child);
  bool wait_for_print(launcher::ProcessChildren& children,
                      launcher::ChildId child,
                      const std::string& text);
  void take(launcher::ProcessChildren& children, std::chrono::milliseconds timeout);
  ChildStory& story(launcher::ChildId child) { return stories_[child]; }
  // From start to end, with a spawner of its own.
  ChildStory run(const launcher::ChildOrder& order);

  // How many processes with our mark are alive; one that just becomes a program has none to read.
  [[nodiscard]] int count_alive() const;
  // False if it is another number after two seconds.
  [[nodiscard]] bool are_alive_in_time(int count) const;
  // Reaps; false if this process still has a child after two seconds.
  [[nodiscard]] static bool are_all_reaped_in_time();

 private:
  std::string mark_;
  std::map<launcher::ChildId, ChildStory> stories_;
};

// How many descriptors a process has open.
[[nodiscard]] std::size_t count_descriptors(pid_t process);

}  // namespace glimpse::tests
