#pragma once

// Measures steps of training on an engine that was made for it. The clock is the caller's. One
// thread.

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "worker/engine.h"
#include "worker/recipe.h"

namespace glimpse::worker {

// Time by the clock on the wall, and of processors. The wall's says little on a machine that others
// use, too; the processor's says nothing of a GPU.
struct Spent {
  double wall_s = 0;
  double cpu_s = 0;

  bool operator==(const Spent&) const = default;
};

Spent operator-(const Spent& a, const Spent& b);
Spent operator+(const Spent& a, const Spent& b);

// Since some moment; of this process.
using SpentClock = std::function<Spent()>;

// One for each of kStepPhases.
using PhasesSpent = std::array<Spent, kStepPhases.size()>;

class StepBench {
 public:
  // `images` are those of the engine's training set, at least a batch. The engine outlives this.
  StepBench(Engine& engine, const Recipe& recipe, std::uint32_t images, SpentClock now);

  // So many steps more, waited for.
  Spent run(int steps);
  PhasesSpent run_in_phases(int steps);

 private:
  [[nodiscard]] std::span<const std::uint32_t> next_batch();

  Engine& engine_;
  SpentClock now_;
  std::size_t batch_;
  std::vector<std::uint32_t> order_;
  std::size_t next_ = 0;  // place in the order
};

}  // namespace glimpse::worker
