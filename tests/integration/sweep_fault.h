#pragma once

// A sweep of tiny trials that survive everything, and what must be true of it whatever was done to
// its processes.

#include <cstddef>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "tests/integration/command_sweep.h"

namespace glimpse::tests {

// The short count of every build, or that of scripts/proofs (GLIMPSE_PROOF=full).
[[nodiscard]] int proof_count(int in_every_build, int in_full);

class SweepFault : public CommandSweep {
 protected:
  // 24 trials of 12 epochs, each of a few hundredths of a second.
  SweepFault();

  // Leaves no results behind.
  std::string undisturbed_table();
  void sleep_at_random(int least_ms, int most_ms);
  // By all attempts together.
  [[nodiscard]] std::size_t trained_epochs() const;
  void expect_nothing_ran_twice() const;
  // Every metric that is in the database, as text.
  [[nodiscard]] std::set<std::string> rows() const;

  std::mt19937 random_{1};
};

}  // namespace glimpse::tests
