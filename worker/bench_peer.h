#pragma once

// A script that does the same steps as we do, run as a process beside ours: it says "ready", or
// "unavailable: why", answers every line "round N" with the processor seconds and the seconds that
// N steps took, and ends with its input. It may do anything else instead. What it prints to its
// standard error is kept to say why it ended. It is killed and reaped with the object. One thread;
// the program ignores SIGPIPE.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "experiments/faults.h"
#include "storage/files/file_io.h"
#include "worker/descriptors.h"
#include "worker/record_pipe.h"
#include "worker/step_bench.h"

namespace glimpse::worker {

struct PeerOptions {
  std::filesystem::path script;
  std::string python = "python3";  // found as a shell would
  double patience_s = 600;         // for one answer
};

class BenchPeer {
 public:
  // Starts `python script arguments...` with one thread and with our settings of malloc. All calls
  // throw StorageError or TrainError for a script that is missing, dies, is silent or says
  // something else.
  BenchPeer(const PeerOptions& options, const std::vector<std::string>& arguments);
  ~BenchPeer();
  BenchPeer(const BenchPeer&) = delete;
  BenchPeer& operator=(const BenchPeer&) = delete;
  BenchPeer(BenchPeer&&) = delete;
  BenchPeer& operator=(BenchPeer&&) = delete;

  // Why it will not take part; nothing once it is ready. First of all.
  [[nodiscard]] std::optional<std::string> wait_until_ready();
  [[nodiscard]] Spent run(int steps);

 private:
  void start(const std::vector<std::string>& arguments);
  [[nodiscard]] std::string next_line(const std::string& due);
  [[noreturn]] void complain(experiments::FaultClass fault, const std::string& what) const;
  [[noreturn]] void complain_end();

  PeerOptions options_;
  Pipe to_script_ = make_pipe();
  Pipe from_script_ = make_pipe();
  storage::FileDescriptor errors_;  // a file in memory
  RecordWriter rounds_{to_script_.writing.get()};
  LineReader answers_{from_script_.reading.get()};
  pid_t process_ = -1;  // -1 once reaped
};

}  // namespace glimpse::worker
