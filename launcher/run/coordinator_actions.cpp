#include <memory>
#include <utility>

#include "experiments/faults.h"
#include "launcher/run/command_trial.h"
#include "launcher/run/coordinator.h"
#include "storage/sqlite/results_store.h"

// What a coordinator does about each decision of its scheduler.

namespace glimpse::launcher {

using storage::ResultsStore;

void Coordinator::perform(const Assign& action) {
  Entry& entry = entries_.at(action.trial);
  entry.node = action.node;
  entry.slots = action.slots;
  const storage::AttemptPlace place{.node = hosts_.at(action.node), .slot = action.slots.at(0)};
  const auto started = std::make_shared<storage::StartedAttempt>();
  database_.post(
      [started,
       place,
       write_trial = study_of(entry).trial_writer(entry.waiting),
       trial = entry.waiting.trial,
       now_ms = ports_.clock_ms()](ResultsStore& store) {
        write_trial();
        *started = store.ledger().start_attempt(trial, place, now_ms);
      },
      [this, started, trial = action.trial](const std::exception_ptr& error) {
        inbox_.put([this, started, trial, error] {
          if (error) {
            std::rethrow_exception(error);
          }
          begin(trial, *started);
        });
      });
}

// The attempt is on the disk: nobody will ever give its number again.
void Coordinator::begin(TrialNumber trial, const storage::StartedAttempt& started) {
  Entry& entry = entries_.at(trial);
  entry.attempt = started.attempt;
  entry.number = started.number;
  entry.started_s = ports_.now_s();
  running_.insert(trial);
  const StudyRun& study = study_of(entry);
  Job job = study.make_job(entry.waiting);
  job.start.attempt.number = started.number;
  job.slots = entry.slots;
  job.command = fill_command(job.command, job.start);
  transport_.send(static_cast<int>(entry.node), StartMessage{std::move(job)});
  if (const std::optional<bool> stop = std::exchange(entry.stop, {})) {
    send_stop(entry, *stop);
  }
}

void Coordinator::perform(const Stop& action) {
  Entry& entry = entries_.at(action.trial);
  if (entry.number > 0) {
    send_stop(entry, action.is_now);
  } else {
    entry.stop = action.is_now;
  }
}

void Coordinator::send_stop(const Entry& entry, bool is_now) {
  transport_.send(static_cast<int>(entry.node),
                  StopMessage{{entry.waiting.run_id, entry.number}, is_now});
}

void Coordinator::perform(const Retry& action) {
  const Entry& entry = entries_.at(action.trial);
  ports_.tell(study_of(entry).label(entry.waiting) + ": will be tried again");
  post_event(&entry, "retry", {{"class", entry.fault}});
}

void Coordinator::perform(const GiveUp& action) {
  const Entry& entry = entries_.at(action.trial);
  work_done_ += work_left(entry);
  post([trial = entry.waiting.trial](ResultsStore& store) { store.ledger().fail_trial(trial); });
  post_event(&entry, "given_up", {{"class", entry.fault}});
}

void Coordinator::perform(const ExcludeNode& action) {
  const std::string& host = hosts_.at(action.node);
  const std::string fault(experiments::fault_row(action.fault).name);
  ports_.warn(host + " gets nothing more: " + fault);
  post_event(nullptr, "node_excluded", {{"node", host}, {"class", fault}});
}

void Coordinator::perform(const CloseStudy& action) {
  const std::string& name = studies_.at(action.study)->study().name;
  ports_.warn(name + ": " + action.reason);
  post_event(nullptr, "study_closed", {{"study", name}, {"why", action.reason}});
}

void Coordinator::post_event(const Entry* entry,
                             const char* kind,
                             const experiments::Assignment& detail) {
  storage::Event event{
      .kind = kind, .detail_json = experiments::render_json(detail), .t_ms = ports_.clock_ms()};
  if (entry != nullptr) {
    event.trial = entry->waiting.trial;
    event.attempt = entry->attempt > 0 ? std::optional(entry->attempt) : std::nullopt;
  }
  post([event = std::move(event)](ResultsStore& store) { store.ledger().add_event(event); });
}

}  // namespace glimpse::launcher
