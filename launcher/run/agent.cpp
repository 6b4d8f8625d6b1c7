#include "launcher/run/agent.h"

#include <algorithm>
#include <csignal>
#include <ranges>
#include <utility>

#include "experiments/faults.h"
#include "experiments/json/record_json.h"
#include "launcher/children/child_environment.h"
#include "launcher/run/command_trial.h"
#include "launcher/run/free_port.h"
#include "storage/storage_error.h"

namespace glimpse::launcher {
namespace {

namespace fs = std::filesystem;

using experiments::AttemptName;
using experiments::FailedRecord;
using experiments::FaultClass;
using experiments::RecordBody;

// Descriptors that our own trainer uses.
constexpr int kWorkerCommands = 3;
constexpr int kWorkerRecords = 4;
constexpr int kKilled = 128 + SIGKILL;
// How often limits are looked at: none is meant to the tenth of a second.
constexpr double kWatchSeconds = 0.25;

// What is refused is refused anywhere; the rest a better disk may mend.
FailedRecord failure_of(const storage::StorageError& error) {
  const bool is_disk = error.fault() != storage::StorageFault::kRefused;
  return {is_disk ? FaultClass::kDiskFull : FaultClass::kExitCode, error.what()};
}

bool is_leaving(const AttemptStory& story) {
  return story.was_asked_to_stop || story.was_warned;
}

bool is_command(const Job& job) {
  return !job.command.empty();
}

// What stands in a list by slot; nothing of a list that is shorter.
std::vector<int> pick(const std::vector<int>& by_slot, std::span<const int> slots) {
  std::vector<int> picked;
  for (const int slot : slots) {
    if (static_cast<std::size_t>(slot) < by_slot.size()) {
      picked.push_back(by_slot[static_cast<std::size_t>(slot)]);
    }
  }
  return picked;
}

// resources.memory holds for each process, by the kernel, unless the study limits that itself.
std::vector<experiments::ResourceLimit> rlimits_of(const Job& job) {
  std::vector<experiments::ResourceLimit> limits = job.rlimits;
  const bool is_limited = std::ranges::any_of(
      limits, [](const auto& limit) { return limit.name == "data" || limit.name == "as"; });
  if (job.memory_bytes > 0 && !is_limited) {
    limits.push_back({.name = "data", .value = job.memory_bytes});
  }
  return limits;
}

std::vector<std::string> older_attempts(const storage::ResultsFolder& folder,
                                        const AttemptName& attempt) {
  std::vector<std::string> older;
  if (attempt.number > 1) {
    for (const std::uint64_t number : folder.list_attempts(attempt.run) | std::views::reverse) {
      if (number < static_cast<std::uint64_t>(attempt.number) &&
          older.size() < experiments::kMaxRecordFolders) {
        older.push_back(folder.attempt_folder(attempt.run, number).path.string());
      }
    }
  }
  return older;
}

}  // namespace

Agent::Agent(AgentPlace place, Children& children, AgentPorts ports)
    : place_(std::move(place)), children_(children), ports_(std::move(ports)) {}

void Agent::take(const StartMessage& message) {
  const Job& job = message.job;
  const AttemptName& name = job.start.attempt;
  const storage::AttemptFolder folder =
      place_.folder.attempt_folder(name.run, static_cast<std::uint64_t>(name.number));
  const Handle handle = ++last_handle_;
  Attempt& attempt = attempts_
                         .emplace(handle,
                                  Attempt{.job = job,
                                          .log = AttemptLog(folder.worker_log()),
                                          .watch = AttemptWatch({.silence_s = job.silence_s,
                                                                 .trial_time_s = job.trial_time_s,
                                                                 .grace_s = job.grace_s},
                                                                ports_.now_s()),
                                          .story = {.members = job.members},
                                          .printed = {}})
                         .first->second;
  try {
    begin(handle, attempt);
  } catch (const storage::StorageError& error) {
    end(handle, failure_of(error));
  }
}

void Agent::begin(Handle handle, Attempt& attempt) {
  experiments::StartCommand& start = attempt.job.start;
  const storage::AttemptFolder folder = place_.folder.make_attempt(
      start.attempt.run, static_cast<std::uint64_t>(start.attempt.number));
  attempt.journal.emplace(folder.journal());
  start.folder = folder.path.string();
  if (const auto staged = place_.staged.find(start.dataset); staged != place_.staged.end()) {
    start.dataset = staged->second;
  }
  start.resume_from = older_attempts(place_.folder, start.attempt);
  if (is_command(attempt.job)) {
    start_command(handle, attempt);
  } else {
    start_worker(handle, attempt);
  }
}

void Agent::start_worker(Handle handle, Attempt& attempt) {
  const Job& job = attempt.job;
  if (job.start.device != "cpu") {
    attempt.job.start.device = "cuda:" + std::to_string(pick(place_.gpus, job.slots).at(0));
  }
  const ChildId child = find_worker(job);
  owners_[child] = {.attempt = handle, .rank = 0};
  attempt.members = {child};
  // A worker that is gone is found when its end comes.
  static_cast<void>(children_.send(child, experiments::render_command(job.start)));
}

// One that has these slots and nothing to do, or a new one. Idle ones that stand in its way leave.
ChildId Agent::find_worker(const Job& job) {
  const auto is_right = [&](const WarmWorker& worker) {
    return worker.slots == job.slots && worker.threads == job.start.threads &&
           worker.rlimits == rlimits_of(job) && owners_.at(worker.child).attempt == 0;
  };
  const auto found = std::ranges::find_if(workers_, is_right);
  if (found != workers_.end()) {
    return found->child;
  }
  for (const WarmWorker& worker : workers_) {
    const bool is_in_the_way = std::ranges::any_of(
        worker.slots, [&](int slot) { return std::ranges::count(job.slots, slot) > 0; });
    if (is_in_the_way && owners_.at(worker.child).attempt == 0) {
      children_.kill(worker.child);
    }
  }
  const ChildId child = order_worker(job);
  workers_.push_back({child, job.slots, job.start.threads, rlimits_of(job)});
  return child;
}

ChildId Agent::order_worker(const Job& job) {
  const std::string& device = job.start.device;
  return children_.start({.arguments = {place_.worker.string(),
                                        "serve",
                                        "--device",
                                        device,
                                        "--threads",
                                        std::to_string(job.start.threads)},
                          .environment = place_.environment,
                          .folder = "",
                          .cores = pick(place_.cores, job.slots),
                          .rlimits = rlimits_of(job),
                          .commands_at = kWorkerCommands,
                          .records_at = kWorkerRecords,
                          .has_warden = false});
}

void Agent::start_command(Handle handle, Attempt& attempt) {
  const Job& job = attempt.job;
  const CommandPlace place{
      .run_folder = place_.folder.run_folder(job.start.attempt.run),
      .gpus = job.start.device == "cpu" ? std::vector<int>() : pick(place_.gpus, job.slots),
      .master_port = job.members > 1 ? find_free_port() : 0};
  const std::size_t each = job.slots.size() / static_cast<std::size_t>(job.members);
  for (int rank = 0; rank < job.members; ++rank) {
    const auto slots = std::span(job.slots).subspan(static_cast<std::size_t>(rank) * each, each);
    const ChildId child =
        children_.start({.arguments = job.command,
                         .environment = child_environment(place_.environment,
                                                          command_environment(job, rank, place)),
                         .folder = "",
                         .cores = pick(place_.cores, slots),
                         .rlimits = rlimits_of(job),
                         .commands_at = -1,
                         .records_at = kCommandRecords,
                         .has_warden = true});
    owners_[child] = {.attempt = handle, .rank = rank};
    attempt.members.push_back(child);
  }
}

void Agent::take(const StopMessage& message) {
  for (auto& [handle, attempt] : attempts_) {
    if (attempt.job.start.attempt == message.attempt) {
      stop(attempt, message.is_now);
    }
  }
}

void Agent::stop(Attempt& attempt, bool is_now) {
  attempt.story.was_asked_to_stop = true;
  attempt.watch.stop_asked(ports_.now_s());
  for (const ChildId member : attempt.members) {
    if (is_now) {
      children_.kill(member);
    } else if (is_command(attempt.job)) {
      children_.signal(member, SIGTERM);
    } else {
      const experiments::StopCommand command{attempt.job.start.attempt};
      static_cast<void>(children_.send(member, experiments::render_command(command)));
    }
  }
}

void Agent::expect_stop() {
  for (auto& [handle, attempt] : attempts_) {
    attempt.story.was_warned = true;
  }
}

void Agent::kill_all() {
  for (const auto& [child, owner] : owners_) {
    children_.kill(child);
  }
}

void Agent::step(std::chrono::milliseconds timeout, int also) {
  for (const ChildEvent& event : children_.wait(timeout, also)) {
    take_event(event);
  }
  const double now_s = ports_.now_s();
  if (now_s - watched_s_ >= kWatchSeconds) {
    watched_s_ = now_s;
    watch();
  }
}

void Agent::watch() {
  const double now_s = ports_.now_s();
  for (auto& [handle, attempt] : attempts_) {
    const std::optional<WatchEnd> over = attempt.watch.check(now_s);
    if (over == WatchEnd::kGraceOver) {
      kill_members(attempt);
    } else if (over) {
      condemn(attempt,
              {*over == WatchEnd::kHung ? FaultClass::kHung : FaultClass::kTimeout,
               "the program " + attempt.watch.describe(*over)});
    }
  }
}

void Agent::take_event(const ChildEvent& event) {
  const auto owner = owners_.find(event.child);
  if (owner == owners_.end()) {
    return;
  }
  const Owner owned = owner->second;
  switch (event.kind) {
    case ChildEvent::Kind::kLine:
      take_line(owned.attempt, owned, event.text);
      break;
    case ChildEvent::Kind::kLongLine:
      if (const auto found = attempts_.find(owned.attempt); found != attempts_.end()) {
        condemn(found->second, {FaultClass::kProtocol, "a record of more than 64 KiB"});
      }
      break;
    case ChildEvent::Kind::kPrinted:
      take_printed(owned.attempt, event.text);
      break;
    case ChildEvent::Kind::kEnded:
      owners_.erase(owner);
      std::erase_if(workers_,
                    [&](const WarmWorker& worker) { return worker.child == event.child; });
      take_child_end(owned, event);
      break;
  }
}

// Only the first member's records count: the others of a gang train the same model.
void Agent::take_line(Handle handle, const Owner& owner, const std::string& line) {
  const auto found = attempts_.find(handle);
  if (found == attempts_.end() || owner.rank != 0 || found->second.story.verdict) {
    return;
  }
  Attempt& attempt = found->second;
  const AttemptName& name = attempt.job.start.attempt;
  try {
    const experiments::Record record = is_command(attempt.job)
                                           ? experiments::parse_user_record(line, name)
                                           : experiments::parse_record(line);
    if (std::holds_alternative<experiments::PreemptedRecord>(record.body)) {
      condemn(attempt, {FaultClass::kProtocol, "a program cannot say that it was preempted"});
    } else if (record.attempt == name) {
      take_record(handle, record.body);
    }
  } catch (const experiments::RecordError& error) {
    condemn(attempt, {FaultClass::kProtocol, error.what()});
  } catch (const storage::StorageError& error) {
    condemn(attempt, failure_of(error));
  }
}

void Agent::take_record(Handle handle, const RecordBody& body) {
  Attempt& attempt = attempts_.at(handle);
  const double now_s = ports_.now_s();
  attempt.watch.saw_life(now_s);
  if (const auto* const progress = std::get_if<experiments::ProgressRecord>(&body)) {
    attempt.watch.saw_progress(*progress, now_s);
  }
  if (!is_last(body)) {
    emit(attempt, body);
  } else if (is_command(attempt.job)) {
    attempt.story.said = body;  // its process has yet to end
  } else {
    owners_.at(attempt.members.at(0)).attempt = 0;
    const auto* const failed = std::get_if<FailedRecord>(&body);
    end(handle, failed == nullptr ? body : add_last_lines(*failed, attempt.log.last_lines()));
  }
}

void Agent::take_printed(Handle handle, const std::string& text) {
  const auto found = attempts_.find(handle);
  if (found == attempts_.end()) {
    return;
  }
  Attempt& attempt = found->second;
  attempt.log.add(text);
  if (!is_command(attempt.job)) {
    return;
  }
  attempt.watch.saw_life(ports_.now_s());
  if (attempt.job.report == experiments::ReportVia::kStdout) {
    for (const std::string& line : attempt.printed.add(text)) {
      if (looks_like_record(line)) {
        take_line(handle, {.attempt = handle, .rank = 0}, line);
      }
    }
  }
}

void Agent::take_child_end(const Owner& owner, const ChildEvent& event) {
  const auto found = attempts_.find(owner.attempt);
  if (found == attempts_.end()) {
    return;
  }
  Attempt& attempt = found->second;
  attempt.story.ends.push_back({.rank = owner.rank, .status = event.status});
  if (event.status == kKilled && !attempt.story.verdict && !is_leaving(attempt.story)) {
    attempt.story.ran_out_of_memory = ports_.take_oom_kill() || attempt.story.ran_out_of_memory;
  }
  std::erase(attempt.members, event.child);
  if (attempt.members.empty()) {
    end(owner.attempt,
        decide_end(attempt.story, attempt.log.last_lines(), attempt.job.log_patterns));
  } else if (event.status != 0) {
    kill_members(attempt);  // what is left of a gang waits for the dead
  }
}

void Agent::condemn(Attempt& attempt, FailedRecord why) {
  if (!attempt.story.verdict && !is_leaving(attempt.story)) {
    attempt.story.verdict = std::move(why);
  }
  kill_members(attempt);
}

void Agent::kill_members(const Attempt& attempt) {
  for (const ChildId member : attempt.members) {
    children_.kill(member);
  }
}

// What ends an attempt may be of our own making; all else has just been read.
void Agent::emit(Attempt& attempt, const RecordBody& body) {
  RecordMessage message{.record = {attempt.job.start.attempt, body},
                        .number = attempt.records + 1,
                        .t_ms = ports_.clock_ms()};
  attempt.journal->append(message.t_ms,
                          is_last(body) ? experiments::render_record(message.record)
                                        : experiments::render_read_record(message.record));
  attempt.records = message.number;
  ports_.send(std::move(message));
}

// The coordinator hears of the end in any case. What the journal could not take did not happen, so
// an end that is not in it is a failure.
void Agent::end(Handle handle, const RecordBody& last) {
  Attempt& attempt = attempts_.at(handle);
  attempt.log.close();
  try {
    if (attempt.journal) {
      emit(attempt, last);
    } else {
      send_unwritten(attempt, std::get<FailedRecord>(last));
    }
  } catch (const storage::StorageError& error) {
    send_unwritten(attempt, failure_of(error));
  }
  attempts_.erase(handle);
}

void Agent::send_unwritten(const Attempt& attempt, FailedRecord failure) {
  ports_.send(RecordMessage{.record = {attempt.job.start.attempt, std::move(failure)},
                            .number = 0,
                            .t_ms = ports_.clock_ms()});
}

}  // namespace glimpse::launcher
