#pragma once

// Ends an attempt with a class of its own. What other libraries throw is classed where it is
// caught.

#include <stdexcept>
#include <string>

#include "experiments/faults.h"

namespace glimpse::worker {

class TrainError : public std::runtime_error {
 public:
  TrainError(experiments::FaultClass fault, const std::string& what)
      : std::runtime_error(what), fault_(fault) {}
  [[nodiscard]] experiments::FaultClass fault() const { return fault_; }

 private:
  experiments::FaultClass fault_;
};

}  // namespace glimpse::worker
