#pragma once

// Ends a study whose trials fail alike. Looks at each trial once: a trial that fails again and
// again says no more about the others than the first time.

#include <deque>
#include <map>
#include <optional>
#include <string>

#include "experiments/faults.h"
#include "experiments/study.h"

namespace glimpse::launcher {

class CircuitBreaker {
 public:
  explicit CircuitBreaker(const experiments::StopIf& rule) : rule_(rule) {}

  // How the next trial's first attempt ended; nothing: it finished. The reason to stop, if that is
  // one.
  std::optional<std::string> note(std::optional<experiments::FaultClass> fault);

 private:
  using Fault = std::optional<experiments::FaultClass>;
  void remember(Fault fault);
  [[nodiscard]] std::optional<std::string> judge_first() const;
  [[nodiscard]] std::optional<std::string> judge_last() const;

  experiments::StopIf rule_;
  int seen_ = 0;
  Fault first_fault_;
  bool is_all_alike_ = true;  // every trial so far failed with first_fault_
  std::deque<Fault> last_;    // rule_.of_last at most
  std::map<experiments::FaultClass, int> in_last_;
};

}  // namespace glimpse::launcher
