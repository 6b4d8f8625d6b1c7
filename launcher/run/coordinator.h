#pragma once

// Runs what a study has pending: gives trials to the agent's free slots, takes their records into
// the database, and decides what becomes of failed ones. The only writer of the database. One
// thread.

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "experiments/study.h"
#include "launcher/run/agent.h"
#include "launcher/run/kept_checkpoints.h"
#include "storage/files/run_folder.h"
#include "storage/sqlite/database_thread.h"
#include "storage/sqlite/ledger_reader.h"

namespace glimpse::launcher {

// A trial that is to be run, with what its worker is told; attempt and folders are filled in when
// it starts.
struct RunnableTrial {
  storage::TrialId trial = 0;
  double flops = 0;   // what it costs, to start the longest first
  std::string label;  // for people: "rnn-spn downsample=2 seed 1"
  experiments::StartCommand start;
};

enum class RunEnding { kDone, kStopped };

struct CoordinatorPorts {
  std::function<std::int64_t()> clock_ms;
  // 0, 1 or more: how often a stop was asked for. From the second on nothing is waited for.
  std::function<int()> stops_asked;
  std::function<void(const std::string& line)> tell;
};

class Coordinator {
 public:
  Coordinator(storage::ResultsFolder folder,
              storage::DatabaseThread& database,
              Agent& agent,
              CoordinatorPorts ports);

  // What an earlier coordinator left: its journals are taken in, and attempts that have no end are
  // lost. Before anything else.
  void settle();

  // Until all are done or failed, or a stop was asked for.
  RunEnding run(std::vector<RunnableTrial> queue, int most_failures);

 private:
  struct Running {
    RunnableTrial trial;
    storage::AttemptId attempt = 0;
    KeptCheckpoints kept = {};
  };
  void fill_slots(std::vector<RunnableTrial>& queue);
  void start(std::size_t slot, RunnableTrial trial);
  void take(const AgentRecord& record, std::vector<RunnableTrial>& queue);
  void finish(Running running,
              const experiments::RecordBody& last,
              std::vector<RunnableTrial>& queue);
  // Whether the trial is tried again after this failure.
  bool retries(const Running& running, const experiments::FailedRecord& failed);
  void settle(const storage::AttemptFacts& attempt);

  storage::ResultsFolder folder_;
  storage::DatabaseThread& database_;
  Agent& agent_;
  CoordinatorPorts ports_;
  int most_failures_ = 0;
  std::map<std::size_t, Running> running_;  // by slot
  std::size_t done_ = 0;
  std::size_t planned_ = 0;
};

}  // namespace glimpse::launcher
