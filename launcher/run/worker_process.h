#pragma once

// A worker as its agent sees it: a process that takes commands on one pipe and gives records on
// another. It is killed and reaped with the object; the kernel kills it when the thread that
// started it ends. One thread.

#include <filesystem>
#include <optional>
#include <string>

#include "experiments/record.h"
#include "worker/descriptors.h"
#include "worker/record_pipe.h"

namespace glimpse::launcher {

struct WorkerSettings {
  std::filesystem::path program;
  std::string device = "cpu";
  int threads = 1;
  std::optional<int> core = {};  // the processor it is pinned to
};

class WorkerProcess {
 public:
  // `log` gets what the process prints. Throws std::system_error where it cannot be started.
  WorkerProcess(const WorkerSettings& settings, const std::filesystem::path& log);
  ~WorkerProcess();
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;
  WorkerProcess(WorkerProcess&&) = delete;
  WorkerProcess& operator=(WorkerProcess&&) = delete;

  // False when the process is gone.
  bool send(const experiments::Command& command);
  // For poll(2): readable when a record or the end has come.
  [[nodiscard]] int descriptor() const { return from_worker_.reading.get(); }
  [[nodiscard]] worker::LineEvent try_read() { return records_.try_next(); }

  void kill();
  // Exit code, or 128 + the signal that ended it. Waits; ask after the end has come, or kill first.
  int wait();

 private:
  void start(const WorkerSettings& settings, const std::filesystem::path& log);

  worker::Pipe to_worker_ = worker::make_pipe();
  worker::Pipe from_worker_ = worker::make_pipe();
  worker::RecordWriter commands_{to_worker_.writing.get()};
  worker::LineReader records_{from_worker_.reading.get()};
  int pid_ = -1;  // -1 once reaped
};

}  // namespace glimpse::launcher
