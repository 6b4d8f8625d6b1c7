#pragma once

// `bench`: how long a step of training takes and on what, on images made for it; and beside a
// script that does the same, whether we are as fast as we are to be.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "experiments/value.h"
#include "worker/bench_peer.h"
#include "worker/bench_report.h"
#include "worker/made_data.h"

namespace glimpse::worker {

struct BenchOptions {
  std::vector<experiments::Assignment> models;  // parameters, resolved
  int steps = 10;
  std::optional<PeerOptions> peer = {};
};

struct BenchPorts {
  // The data lives as long as the engine.
  std::function<std::unique_ptr<Engine>(const experiments::Assignment&, const MadeData&)> make;
  SpentClock now;
  std::function<void(const std::string& line)> tell;  // what is going on
};

// What a trial.json trains; without one, the named models ("conv,rnn-spn") or all there are, at
// their defaults: those of Table 1. Throws UsageError for both, or a name that is none, and
// StudyError or StorageError for the file.
std::vector<experiments::Assignment> bench_models(const std::optional<std::string>& names,
                                                  const std::optional<std::string>& trial);

// Throws as BenchPeer does, and where a model cannot read images of 100 x 100.
std::vector<ModelBench> bench(const BenchOptions& options, const BenchPorts& ports);

}  // namespace glimpse::worker
