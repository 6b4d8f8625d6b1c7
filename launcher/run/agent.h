#pragma once

// Owns a node's slots: runs the attempts that it is told to, keeps each one's journal and log, ends
// what hangs, and hands every record on once the journal has it. Knows nothing of studies, of the
// database or of other nodes. One thread.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "launcher/children/children.h"
#include "launcher/run/attempt_end.h"
#include "launcher/run/attempt_log.h"
#include "launcher/run/attempt_watch.h"
#include "launcher/run/line_splitter.h"
#include "launcher/staging.h"
#include "launcher/transport/message.h"
#include "storage/files/journal.h"
#include "storage/files/run_folder.h"

namespace glimpse::launcher {

struct AgentPlace {
  storage::ResultsFolder folder;
  std::vector<int> cores = {};           // by slot: the processor it is; empty: nothing is pinned
  std::vector<int> gpus = {};            // by slot: the device it is, where slots are GPUs
  std::filesystem::path worker;          // our trainer
  std::vector<std::string> environment;  // of every child, NAME=value
  StagedDatasets staged = {};            // read here in place of what a job names
};

struct AgentPorts {
  std::function<void(Message)> send;       // to the coordinator
  std::function<std::int64_t()> clock_ms;  // since 1970, for people
  std::function<double()> now_s;           // never goes back
  // Asked once of each child that somebody else killed: whether the kernel did, for its memory.
  std::function<bool()> take_oom_kill = [] { return false; };
};

class Agent {
 public:
  Agent(AgentPlace place, Children& children, AgentPorts ports);

  void take(const StartMessage& message);
  void take(const StopMessage& message);
  // The machine is taken away from all of us, so children that leave now did not fail.
  void expect_stop();
  void kill_all();
  [[nodiscard]] bool is_idle() const { return attempts_.empty(); }

  // Waits at most so long for children, less where `also` becomes readable, and deals with what
  // came.
  void step(std::chrono::milliseconds timeout, int also);

 private:
  using Handle = std::uint64_t;  // of an attempt; 0: none
  struct Attempt {
    Job job;
    AttemptLog log;
    AttemptWatch watch;
    AttemptStory story;
    LineSplitter printed;
    std::optional<storage::JournalWriter> journal = {};
    std::int64_t records = 0;
    std::vector<ChildId> members = {};  // that live
  };
  struct Owner {
    Handle attempt = 0;
    int rank = 0;
  };
  struct WarmWorker {
    ChildId child = 0;
    std::vector<int> slots;
    int threads = 1;
    std::vector<experiments::ResourceLimit> rlimits;
  };

  void begin(Handle handle, Attempt& attempt);
  void start_worker(Handle handle, Attempt& attempt);
  void start_command(Handle handle, Attempt& attempt);
  ChildId find_worker(const Job& job);
  ChildId order_worker(const Job& job);

  void take_event(const ChildEvent& event);
  void take_line(Handle handle, const Owner& owner, const std::string& line);
  void take_printed(Handle handle, const std::string& text);
  void take_child_end(const Owner& owner, const ChildEvent& event);
  void take_record(Handle handle, const experiments::RecordBody& body);
  void emit(Attempt& attempt, const experiments::RecordBody& body);
  void condemn(Attempt& attempt, experiments::FailedRecord why);
  void kill_members(const Attempt& attempt);
  void stop(Attempt& attempt, bool is_now);
  void end(Handle handle, const experiments::RecordBody& last);
  void send_unwritten(const Attempt& attempt, experiments::FailedRecord failure);
  void watch();

  AgentPlace place_;
  Children& children_;
  AgentPorts ports_;
  Handle last_handle_ = 0;
  std::map<Handle, Attempt> attempts_;
  std::unordered_map<ChildId, Owner> owners_;
  std::vector<WarmWorker> workers_;  // of our own, with an attempt or without
  double watched_s_ = 0;
};

}  // namespace glimpse::launcher
