#include "launcher/run/coordinator.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "experiments/faults.h"
#include "experiments/units.h"
#include "launcher/run/attempt_end.h"
#include "launcher/run/command_trial.h"
#include "launcher/run/to_storage.h"
#include "reports/text_table.h"
#include "storage/sqlite/results_store.h"

namespace glimpse::launcher {
namespace {

using experiments::FailedRecord;
using experiments::FinishedRecord;
using experiments::RecordBody;
using storage::ResultsStore;

// Planning again may take a second for a study of a million trials, and happens when trials end:
// it gets at most this share of the time.
constexpr double kPlanShare = 0.05;

std::string describe(const RecordBody& last, const std::string& metric) {
  if (const auto* const finished = std::get_if<FinishedRecord>(&last)) {
    if (finished->outcome == experiments::Outcome::kDiverged) {
      return "diverged";
    }
    const auto value = finished->metrics.find(metric);
    return value == finished->metrics.end()
               ? "done"
               : "done, " + metric + " " + reports::render_short(value->second);
  }
  if (const auto* const failed = std::get_if<FailedRecord>(&last)) {
    return "failed: " + std::string(experiments::fault_row(failed->fault).name) + ", " +
           failed->message;
  }
  if (const auto* const preempted = std::get_if<experiments::PreemptedRecord>(&last)) {
    return "preempted: " + preempted->message;
  }
  return "stopped";
}

AttemptEnded to_event(TrialNumber trial, const RecordBody& last) {
  AttemptEnded ended{.trial = trial, .kind = EndKind::kStopped};
  if (std::holds_alternative<FinishedRecord>(last)) {
    ended.kind = EndKind::kFinished;
  } else if (std::holds_alternative<experiments::PreemptedRecord>(last)) {
    ended.kind = EndKind::kPreempted;
  } else if (const auto* const failed = std::get_if<FailedRecord>(&last)) {
    ended.kind = EndKind::kFailed;
    ended.fault = failed->fault;
  }
  return ended;
}

// Of trials whose cost nobody knows, one is as good as another.
double work_of(const WaitingTrial& waiting) {
  return waiting.demand.expected_s > 0 ? waiting.demand.expected_s : 1;
}

std::string describe_wait(WaitReason reason, const TrialDemand& demand) {
  switch (reason) {
    case WaitReason::kTooBig:
      return "no node has " + std::to_string(demand.slots) + " slots" +
             (demand.memory_bytes > 0
                  ? " and " + experiments::render_size(demand.memory_bytes) + " of memory"
                  : "") +
             " for one of them (--slots says how many a machine has)";
    case WaitReason::kBudget:
      return "the study's budget is used up";
    case WaitReason::kDeadline:
      return "too little time is left";
    case WaitReason::kStopped:
      return "stopped";
    case WaitReason::kTurn:
      break;
  }
  return "not started";
}

// What is in no journal must not count as read from one.
void store_record(ResultsStore& store, storage::AttemptId attempt, const RecordMessage& message) {
  if (message.number > 0) {
    store.ingest().ingest(attempt, message.number, message.t_ms, to_storage(message.record.body));
    return;
  }
  const auto& failed = std::get<FailedRecord>(message.record.body);
  const std::string fault(experiments::fault_row(failed.fault).name);
  store.ledger().end_attempt(
      attempt, {storage::AttemptState::kFailed, fault, failed.message}, message.t_ms);
}

}  // namespace

Coordinator::Coordinator(storage::DatabaseThread& database,
                         Transport& transport,
                         CoordinatorPorts ports)
    : database_(database),
      transport_(transport),
      ports_(std::move(ports)),
      began_s_(ports_.now_s()) {
  hosts_.resize(static_cast<std::size_t>(transport.size()));
}

std::size_t Coordinator::add(StudyRun& study) {
  const auto number = static_cast<StudyNumber>(studies_.size());
  studies_.push_back(&study);
  scheduler_.on(AddStudy{study.rules()}, ports_.now_s());
  return plan(number);
}

std::size_t Coordinator::plan(StudyNumber number) {
  // What has ended must be in the database, or its plan would miss it.
  database_.submit([](ResultsStore&) {}).get();
  ports_.publish();
  const double now_s = ports_.now_s();
  std::size_t added = 0;
  for (WaitingTrial& waiting : studies_.at(number)->plan(ports_.clock_ms())) {
    // Another study of ours may have it already.
    if (!by_run_.emplace(waiting.run_id, static_cast<TrialNumber>(entries_.size())).second) {
      continue;
    }
    waiting.demand.study = number;
    work_ += work_of(waiting);
    scheduler_.on(AddTrial{waiting.demand}, now_s);
    entries_.push_back({.study = number, .waiting = std::move(waiting)});
    ++added;
  }
  if (added > 0) {
    ports_.publish();  // attempts that only their folders tell of need a trial to belong to
  }
  return added;
}

void Coordinator::plan_again() {
  const double begin_s = ports_.now_s();
  if (!should_plan_ || begin_s < plan_no_sooner_s_) {
    return;
  }
  should_plan_ = false;
  for (StudyNumber number = 0; number < studies_.size(); ++number) {
    if (studies_[number]->is_undecided()) {
      plan(number);
    }
  }
  const double end_s = ports_.now_s();
  plan_no_sooner_s_ = end_s + (end_s - begin_s) / kPlanShare;
}

void Coordinator::set_deadline(double at_s, double margin_s) {
  scheduler_.on(Deadline{.at_s = at_s, .margin_s = margin_s}, ports_.now_s());
}

void Coordinator::take(int from, const JoinMessage& message) {
  hosts_.at(static_cast<std::size_t>(from)) = message.host;
  ports_.tell("rank " + std::to_string(from) + " on " + message.host + ": " + message.description);
  scheduler_.on(NodeJoined{static_cast<NodeNumber>(from), {message.slots, message.memory_bytes}},
                ports_.now_s());
}

// A launcher hands one signal on to all of its ranks: what counts is how many any of them saw.
void Coordinator::take(int /*from*/, const SignalMessage& message) {
  if (message.times > signals_) {
    signals_ = message.times;
    stop();
  }
}

void Coordinator::stop() {
  ++stops_;
  if (stops_ == 1) {
    ports_.tell("stopping: running trials save a checkpoint (again: at once)");
  }
  scheduler_.on(StopAll{.is_now = stops_ > 1}, ports_.now_s());
}

bool Coordinator::stop_study(const std::string& name, bool is_now) {
  bool is_ours = false;
  for (StudyNumber number = 0; number < studies_.size(); ++number) {
    if (studies_[number]->study().name == name) {
      is_ours = true;
      scheduler_.on(StopStudy{number, is_now}, ports_.now_s());
    }
  }
  return is_ours;
}

bool Coordinator::stop_run(const std::string& run_id, bool is_now) {
  const auto found = by_run_.find(run_id);
  if (found == by_run_.end()) {
    return false;
  }
  scheduler_.on(StopTrial{found->second, is_now}, ports_.now_s());
  return true;
}

void Coordinator::take(int /*from*/, const RecordMessage& message) {
  const experiments::AttemptName& name = message.record.attempt;
  const auto found = by_run_.find(name.run);
  if (found == by_run_.end() || entries_.at(found->second).number != name.number) {
    return;  // of an attempt that has ended for us
  }
  Entry& entry = entries_.at(found->second);
  std::vector<std::string> gone;
  if (const auto* const written =
          std::get_if<experiments::CheckpointRecord>(&message.record.body)) {
    gone = entry.kept.add(written->file);
    scheduler_.on(CheckpointWritten{found->second}, ports_.now_s());
  } else if (const auto* const epoch =
                 std::get_if<experiments::EpochRecord>(&message.record.body)) {
    note_epoch(entry, *epoch);
  }
  // Not waited for: the journal has it, and jobs keep their order.
  post([attempt = entry.attempt, message, gone = std::move(gone)](ResultsStore& store) {
    store_record(store, attempt, message);
    for (const std::string& file : gone) {
      store.ledger().remove_artifact(attempt, file);
    }
  });
  if (is_last(message.record.body)) {
    take_last(found->second, message.record.body);
  }
}

void Coordinator::take_last(TrialNumber trial, const RecordBody& last) {
  Entry& entry = entries_.at(trial);
  entry.number = 0;
  entry.kept = {};
  entry.epoch = 0;
  running_.erase(trial);
  should_plan_ = should_plan_ || study_of(entry).is_undecided();
  if (const auto* const failed = std::get_if<FailedRecord>(&last)) {
    entry.fault = experiments::fault_row(failed->fault).name;
    ++faults_[entry.fault];
  } else if (std::holds_alternative<FinishedRecord>(last)) {
    work_done_ += work_left(entry);
  }
  scheduler_.on(to_event(trial, last), ports_.now_s());
  say_end(entry, last);
}

// What an earlier run had done of it was no work of this one.
double Coordinator::work_left(const Entry& entry) const {
  return work_of(entry.waiting) * (1 - entry.done_before.value_or(0));
}

void Coordinator::note_epoch(Entry& entry, const experiments::EpochRecord& epoch) {
  entry.epoch = epoch.epoch;
  const std::int64_t epochs = study_of(entry).epochs(entry.waiting);
  if (!entry.done_before && epochs > 0) {
    entry.done_before = static_cast<double>(epoch.epoch - 1) / static_cast<double>(epochs);
    work_ -= work_of(entry.waiting) * *entry.done_before;
  }
  const experiments::Metric& metric = study_of(entry).study().metric;
  const auto value = epoch.metrics.find(metric.name);
  if (value == epoch.metrics.end() || std::isnan(value->second)) {
    return;
  }
  const bool is_better =
      !entry.best || (metric.goal == experiments::Goal::kMaximize ? value->second > *entry.best
                                                                  : value->second < *entry.best);
  entry.best = is_better ? value->second : *entry.best;
}

RunStatus Coordinator::status() const {
  RunStatus status;
  status.done = scheduler_.count(TrialPhase::kDone);
  status.failed = scheduler_.count(TrialPhase::kFailed);
  status.pending = scheduler_.count(TrialPhase::kPending);
  status.planned = entries_.size();
  const double now_s = ports_.now_s();
  status.elapsed_s = now_s - began_s_;
  status.faults = faults_;
  double work_done = work_done_;
  for (const TrialNumber trial : running_) {
    const Entry& entry = entries_.at(trial);
    const StudyRun& study = study_of(entry);
    status.metric = study.study().metric.name;
    const std::int64_t epochs = study.epochs(entry.waiting);
    status.running.push_back(
        {.label = study.label(entry.waiting),
         .place = hosts_.at(entry.node) + ":" + std::to_string(entry.slots.at(0)),
         .elapsed_s = now_s - entry.started_s,
         .epoch = entry.epoch,
         .epochs = epochs,
         .best = entry.best});
    if (epochs > 0 && entry.epoch > 0) {
      const double share = static_cast<double>(entry.epoch) / static_cast<double>(epochs);
      work_done += work_of(entry.waiting) * (share - entry.done_before.value_or(0));
    }
  }
  status.left_s = expected_rest_s(status.elapsed_s, work_done, work_ - work_done);
  return status;
}

void Coordinator::say_end(const Entry& entry, const RecordBody& last) {
  const StudyRun& study = study_of(entry);
  const experiments::Study& facts = study.study();
  const std::string metric = facts.table ? facts.table->metric : facts.metric.name;
  const std::size_t ended =
      scheduler_.count(TrialPhase::kDone) + scheduler_.count(TrialPhase::kFailed);
  ports_.tell(study.label(entry.waiting) + ": " + describe(last, metric) + " (" +
              std::to_string(ended) + " of " + std::to_string(entries_.size()) + ")");
}

void Coordinator::step() {
  for (const Inbox::Task& task : inbox_.take_all()) {
    task();
  }
  plan_again();
  for (const ScheduleAction& action : scheduler_.decide(ports_.now_s())) {
    std::visit([this](const auto& one) { perform(one); }, action);
  }
}

void Coordinator::finish() {
  database_.submit([](ResultsStore&) {}).get();
  step();
  std::map<std::string, std::size_t> waiting;  // by what it waits for
  for (TrialNumber trial = 0; trial < entries_.size(); ++trial) {
    if (scheduler_.phase(trial) == TrialPhase::kPending) {
      ++waiting[describe_wait(scheduler_.wait_reason(trial), entries_[trial].waiting.demand)];
    }
  }
  for (const auto& [reason, count] : waiting) {
    ports_.warn(std::to_string(count) + (count == 1 ? " trial waits" : " trials wait") + ": " +
                reason);
  }
}

// A rank that has yet to join may have what a trial needs.
bool Coordinator::is_over() const {
  const bool has_joined =
      std::ranges::none_of(hosts_, [](const std::string& host) { return host.empty(); });
  return has_joined && scheduler_.is_over() && !should_plan_;
}

void Coordinator::post(storage::DatabaseThread::Job job) {
  database_.post(std::move(job), [this](const std::exception_ptr& error) {
    if (error) {
      inbox_.put([error] { std::rethrow_exception(error); });
    }
  });
}

}  // namespace glimpse::launcher
