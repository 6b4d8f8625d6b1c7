#pragma once

namespace glimpse::worker {

// Turns SIGTERM, SIGINT and SIGUSR1 (what batch systems send ahead of their end) into a question.
// They are blocked in this thread and in those it starts later, so main makes it first.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;
  StopSignals(StopSignals&&) = delete;
  StopSignals& operator=(StopSignals&&) = delete;

  // Whether one has come, ever.
  [[nodiscard]] bool has_come();

 private:
  int fd_ = -1;
  bool has_come_ = false;
};

}  // namespace glimpse::worker
