#pragma once

// Facts about the LibTorch this worker runs with, for `info` and for a run's provenance.

#include <string>

namespace glimpse::worker {

struct TorchInfo {
  std::string version;
  int threads = 0;       // of one operator
  std::string parallel;  // how they are made: "OpenMP ..."
};

TorchInfo torch_info();

}  // namespace glimpse::worker
