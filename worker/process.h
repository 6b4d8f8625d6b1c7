#pragma once

// What a process that trains does to itself before it begins. All is for main, before any thread
// is started.

namespace glimpse::worker {

// glibc gives big blocks back to the kernel at once and asks for them anew at the next step, so
// that every activation is paid for in page faults: a step takes 1.25 to 1.6 times as long. After
// this call freed memory stays with the process.
void keep_freed_memory();

// Turns SIGTERM, SIGINT and SIGUSR1 (what batch systems send ahead of their end) into a question.
// They are blocked in this thread and in those it starts later.
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
