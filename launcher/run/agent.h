#pragma once

// Owns a node's slots: starts workers, tells them what to train, keeps each attempt's journal, and
// hands every record on once the journal has it. Knows nothing of studies or of the database. One
// thread; it must live as long as the agent, because workers die with the thread that started them.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "experiments/record.h"
#include "launcher/run/worker_process.h"
#include "storage/files/journal.h"

namespace glimpse::launcher {

// A record as the journal has it.
struct AgentRecord {
  std::size_t slot = 0;
  std::int64_t number = 0;
  std::int64_t t_ms = 0;
  experiments::Record record;
};

// Finished, stopped or failed: nothing of the attempt comes after it.
bool is_last(const experiments::RecordBody& body);

class Agent {
 public:
  // One worker per slot, started when it is first needed.
  Agent(std::vector<WorkerSettings> slots, std::function<std::int64_t()> clock_ms);

  [[nodiscard]] std::size_t slots() const { return slots_.size(); }
  [[nodiscard]] bool is_free(std::size_t slot) const { return !slots_.at(slot).attempt; }
  [[nodiscard]] bool is_idle() const;

  // The attempt's folder exists and is empty.
  void start(std::size_t number, const experiments::StartCommand& command);
  // Attempts save a checkpoint and end.
  void stop_all();
  void kill_all();

  // Waits at most so long for something to come; gives it in order.
  std::vector<AgentRecord> wait(std::chrono::milliseconds timeout);

 private:
  struct Attempt {
    experiments::AttemptName name;
    storage::JournalWriter journal;
  };
  struct Slot {
    WorkerSettings settings;
    std::unique_ptr<WorkerProcess> process;
    std::optional<Attempt> attempt;
  };

  void read_all(std::size_t number, std::vector<AgentRecord>& records);
  void take_line(std::size_t number, const std::string& line, std::vector<AgentRecord>& records);
  void take(std::size_t number,
            const experiments::RecordBody& body,
            std::vector<AgentRecord>& records);
  // The process has ended, or must: an attempt that it leaves behind gets its end from us.
  void bury(std::size_t number,
            std::optional<experiments::FailedRecord> why,
            std::vector<AgentRecord>& records);

  std::vector<Slot> slots_;
  std::function<std::int64_t()> clock_ms_;
};

}  // namespace glimpse::launcher
