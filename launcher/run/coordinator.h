#pragma once

// Runs studies: drives the scheduler with what happens, tells agents what to do, and takes their
// records into the database. The only writer of the database. Never waits: what the database
// answers comes back through a queue. One thread.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "launcher/run/inbox.h"
#include "launcher/run/kept_checkpoints.h"
#include "launcher/run/run_status.h"
#include "launcher/run/study_run.h"
#include "launcher/schedule/scheduler.h"
#include "launcher/transport/transport.h"
#include "storage/sqlite/database_thread.h"
#include "storage/sqlite/ledger.h"

namespace glimpse::launcher {

struct CoordinatorPorts {
  std::function<std::int64_t()> clock_ms;  // since 1970, for people
  std::function<double()> now_s;           // never goes back
  // What the database holds now can be read by planning, too.
  std::function<void()> publish;
  std::function<void(const std::string& line)> tell;
  std::function<void(const std::string& line)> warn;
};

class Coordinator {
 public:
  Coordinator(storage::DatabaseThread& database, Transport& transport, CoordinatorPorts ports);

  // Gives the number of trials that are left to do. The study outlives the coordinator.
  std::size_t add(StudyRun& study);
  void set_deadline(double at_s, double margin_s);

  void take(int from, const JoinMessage& message);
  void take(int from, const RecordMessage& message);
  void take(int from, const SignalMessage& message);
  // One more wish to stop everything: the first lets trials save a checkpoint.
  void stop();
  // The same of one study or one trial, which does not start again in this run. False: not ours.
  bool stop_study(const std::string& name, bool is_now);
  bool stop_run(const std::string& run_id, bool is_now);

  // Waits until all that was decided is on the disk.
  void finish();

  // Deals with what has come and decides what is next. Throws what the database threw.
  void step();
  [[nodiscard]] bool is_over() const;
  [[nodiscard]] bool was_stopped() const { return stops_ > 0; }
  [[nodiscard]] RunStatus status() const;
  // Readable when step() has something to do.
  [[nodiscard]] int wake_descriptor() const { return inbox_.descriptor(); }

 private:
  struct Entry {
    StudyNumber study = 0;
    WaitingTrial waiting;
    NodeNumber node = 0;
    std::vector<int> slots = {};
    storage::AttemptId attempt = 0;
    std::int64_t number = 0;        // of the running attempt; 0: none has begun
    std::optional<bool> stop = {};  // asked for before it began; whether at once
    KeptCheckpoints kept = {};
    double started_s = 0;
    std::int64_t epoch = 0;
    // Share of its work that was done when this run took it up; nothing before its first epoch.
    std::optional<double> done_before = {};
    std::optional<double> best = {};
    std::string fault = {};  // class of its last failure
  };

  std::size_t plan(StudyNumber number);
  void plan_again();
  void perform(const ScheduleAction& action);
  void perform(const Assign& action);
  void perform(const Stop& action);
  void perform(const Retry& action);
  void perform(const GiveUp& action);
  void perform(const ExcludeNode& action);
  void perform(const CloseStudy& action);
  void begin(TrialNumber trial, const storage::StartedAttempt& started);
  void send_stop(const Entry& entry, bool is_now);
  void take_last(TrialNumber trial, const experiments::RecordBody& last);
  void say_end(const Entry& entry, const experiments::RecordBody& last);
  void note_epoch(Entry& entry, const experiments::EpochRecord& epoch);
  [[nodiscard]] double work_left(const Entry& entry) const;
  // What was done about a failure, for people.
  void post_event(const Entry* entry, const char* kind, const experiments::Assignment& detail);
  void post(storage::DatabaseThread::Job job);
  [[nodiscard]] const StudyRun& study_of(const Entry& entry) const {
    return *studies_.at(entry.study);
  }

  storage::DatabaseThread& database_;
  Transport& transport_;
  CoordinatorPorts ports_;
  Inbox inbox_;
  Scheduler scheduler_;
  std::vector<StudyRun*> studies_;
  std::vector<Entry> entries_;                           // by TrialNumber
  std::unordered_map<std::string, TrialNumber> by_run_;  // of all
  std::vector<std::string> hosts_;                       // by node: its rank
  std::set<TrialNumber> running_;                        // whose attempt has begun
  double began_s_;
  double work_done_ = 0;  // in expected seconds of what has ended, as are those below
  double work_ = 0;
  std::map<std::string, std::size_t> faults_;
  int stops_ = 0;
  int signals_ = 0;  // that the rank which saw most of them has seen
  bool should_plan_ = false;
  double plan_no_sooner_s_ = 0;
};

}  // namespace glimpse::launcher
