#include "launcher/schedule/circuit_breaker.h"

namespace glimpse::launcher {

void CircuitBreaker::remember(Fault fault) {
  if (seen_ == 0) {
    first_fault_ = fault;
  }
  ++seen_;
  is_all_alike_ = is_all_alike_ && fault.has_value() && fault == first_fault_;
  if (rule_.of_last <= 0) {
    return;
  }
  if (last_.size() == static_cast<std::size_t>(rule_.of_last)) {
    if (const Fault oldest = last_.front()) {
      --in_last_[*oldest];
    }
    last_.pop_front();
  }
  last_.push_back(fault);
  if (fault) {
    ++in_last_[*fault];
  }
}

std::optional<std::string> CircuitBreaker::judge_first() const {
  if (seen_ != rule_.first || !is_all_alike_ || !first_fault_) {
    return std::nullopt;
  }
  return "the first " + std::to_string(seen_) + " trials all failed with " +
         std::string(experiments::fault_row(*first_fault_).name) + " (limits.stop_if)";
}

std::optional<std::string> CircuitBreaker::judge_last() const {
  if (rule_.of_last <= 0 || seen_ < rule_.of_last) {
    return std::nullopt;
  }
  for (const auto& [fault, alike] : in_last_) {
    if (alike > 0 && alike >= rule_.share * rule_.of_last) {
      return std::to_string(alike) + " of the last " + std::to_string(rule_.of_last) +
             " trials failed with " + std::string(experiments::fault_row(fault).name) +
             " (limits.stop_if)";
    }
  }
  return std::nullopt;
}

std::optional<std::string> CircuitBreaker::note(Fault fault) {
  remember(fault);
  if (auto reason = judge_first()) {
    return reason;
  }
  return judge_last();
}

}  // namespace glimpse::launcher
