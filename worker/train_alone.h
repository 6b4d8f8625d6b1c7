#pragma once

// `train`: one trial without a launcher. The worker is its own agent then: it makes the attempt's
// folder, keeps the journal and takes up what an earlier call left there.

#include <filesystem>
#include <functional>
#include <string>

#include "worker/execute.h"

namespace glimpse::worker {

struct TrainAloneOptions {
  std::filesystem::path trial;    // trial.json
  std::filesystem::path dataset;  // HDF5
  std::filesystem::path out;      // gets trial.json and attempt-<n>/
  std::string device = "cpu";
  int threads = 1;
  double checkpoint_every_s = 300;
};

struct AlonePorts {
  std::function<double()> now_s;           // monotonic
  std::function<std::int64_t()> clock_ms;  // since 1970
  std::function<bool()> has_stop_come;
  std::function<void(const std::string& line)> tell;
};

// An exit code of experiments/faults.h. Throws StudyError and StorageError for what is wrong before
// the attempt begins.
int train_alone(const TrainAloneOptions& options,
                const experiments::Assignment& environment,
                const EngineFactory& engines,
                const AlonePorts& ports);

}  // namespace glimpse::worker
