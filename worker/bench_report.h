#pragma once

// What `bench` found, for people and for programs. Pure.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "experiments/value.h"
#include "worker/bench_comparison.h"
#include "worker/step_bench.h"

namespace glimpse::worker {

struct Comparison {
  PeerStyle style = PeerStyle::kTwin;
  Rounds rounds = {};
  std::string unavailable = {};  // why there are no rounds; "" where there are
};

struct ModelBench {
  experiments::Assignment parameters;
  std::uint64_t weights = 0;
  int batch = 0;
  int steps = 0;         // of each of what follows, and of a round
  Spent whole;           // the steps as training does them
  PhasesSpent phases{};  // other steps, taken apart
  std::vector<Comparison> comparisons = {};
};

// "rnn-spn d=3", "conv".
std::string bench_name(const experiments::Assignment& parameters);

std::string render_bench(std::span<const ModelBench> models);
std::string render_bench_json(std::span<const ModelBench> models);

// A line for every comparison in which we are slower than we are to be.
std::vector<std::string> bench_misses(std::span<const ModelBench> models);

}  // namespace glimpse::worker
