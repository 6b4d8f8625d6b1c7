#include "launcher/schedule/rehearsal.h"

#include <algorithm>
#include <array>
#include <map>
#include <queue>
#include <random>
#include <utility>

namespace glimpse::launcher {
namespace {

using experiments::FaultClass;

// What a rehearsed attempt can fail of: each kind of rule but "never".
constexpr std::array kFaults = {FaultClass::kSignal,
                                FaultClass::kExitCode,
                                FaultClass::kHung,
                                FaultClass::kHostOom,
                                FaultClass::kOom,
                                FaultClass::kDiskFull};

struct Running {
  Assign place;
  double start_s = 0;
  std::uint64_t attempt = 0;
};

// An attempt's end that lies ahead; another attempt's end of the same trial is passed over.
struct ComingEnd {
  double at_s = 0;
  std::uint64_t attempt = 0;
  AttemptEnded event;
  bool operator>(const ComingEnd& other) const {
    return std::pair(at_s, attempt) > std::pair(other.at_s, other.attempt);
  }
};

class Stage {
 public:
  explicit Stage(const Rehearsal& rehearsal) : rehearsal_(rehearsal), random_(rehearsal.seed) {}

  RehearsalResult play();

 private:
  void set_up();
  void add(const RehearsedTrial& trial);
  void add_sequels(TrialNumber ended);
  bool step();
  void act();
  void obey(const Assign& assign);
  void obey(const Stop& stop);
  void obey(const CloseStudy& close) { result_.closed.push_back(close.reason); }
  void obey(const GiveUp& give_up) { add_sequels(give_up.trial); }
  void obey(const Retry& /*retry*/) {}
  void obey(const ExcludeNode& /*exclude*/) {}
  void end(const AttemptEnded& event);
  void note(const Running& running, EndKind kind);
  // In [0, 1); the standard's distributions differ between libraries.
  double uniform() { return static_cast<double>(random_() >> 11) * 0x1p-53; }

  const Rehearsal& rehearsal_;
  std::mt19937_64 random_;
  Scheduler scheduler_;
  RehearsalResult result_;
  double now_s_ = 0;
  std::uint64_t attempts_ = 0;
  std::vector<double> rest_s_;  // by trial
  std::map<TrialNumber, Running> running_;
  std::map<std::pair<NodeNumber, int>, std::pair<int, double>> in_slot_;  // trials, since when
  std::priority_queue<ComingEnd, std::vector<ComingEnd>, std::greater<>> ends_;
  std::map<TrialNumber, std::vector<std::size_t>> waited_for_;  // sequels
  std::vector<std::size_t> missing_;                            // by sequel: trials to end
};

void Stage::add(const RehearsedTrial& trial) {
  scheduler_.on(AddTrial{trial.demand}, now_s_);
  rest_s_.push_back(trial.duration_s);
  result_.demands.push_back(trial.demand);
}

void Stage::set_up() {
  for (const StudyRules& rules : rehearsal_.studies) {
    scheduler_.on(AddStudy{rules}, 0);
  }
  for (int node = 0; node < rehearsal_.nodes; ++node) {
    scheduler_.on(NodeJoined{static_cast<NodeNumber>(node), rehearsal_.node}, 0);
  }
  if (rehearsal_.deadline) {
    scheduler_.on(*rehearsal_.deadline, 0);
  }
  for (const RehearsedTrial& trial : rehearsal_.trials) {
    add(trial);
  }
  for (std::size_t i = 0; i < rehearsal_.sequels.size(); ++i) {
    missing_.push_back(rehearsal_.sequels[i].after.size());
    for (const TrialNumber trial : rehearsal_.sequels[i].after) {
      waited_for_[trial].push_back(i);
    }
  }
}

void Stage::add_sequels(TrialNumber ended) {
  const auto found = waited_for_.find(ended);
  if (found == waited_for_.end()) {
    return;
  }
  for (const std::size_t sequel : found->second) {
    if (--missing_[sequel] == 0) {
      std::for_each(rehearsal_.sequels[sequel].trials.begin(),
                    rehearsal_.sequels[sequel].trials.end(),
                    [&](const RehearsedTrial& trial) { add(trial); });
    }
  }
}

void Stage::obey(const Assign& assign) {
  const std::uint64_t attempt = ++attempts_;
  running_[assign.trial] = {assign, now_s_, attempt};
  for (const int slot : assign.slots) {
    auto& [trials, since_s] = in_slot_[{assign.node, slot}];
    since_s = trials++ == 0 ? now_s_ : since_s;
  }
  ComingEnd end{now_s_ + rest_s_.at(assign.trial), attempt, {.trial = assign.trial}};
  if (rehearsal_.failing_share > 0 && uniform() < rehearsal_.failing_share) {
    end.at_s = now_s_ + uniform() * rest_s_.at(assign.trial);
    end.event.kind = EndKind::kFailed;
    end.event.fault = kFaults.at(random_() % kFaults.size());
  }
  ends_.push(end);
}

// It saves a checkpoint and ends within no time.
void Stage::obey(const Stop& stop) {
  const Running& running = running_.at(stop.trial);
  rest_s_.at(stop.trial) -= now_s_ - running.start_s;
  scheduler_.on(CheckpointWritten{stop.trial}, now_s_);
  end({.trial = stop.trial, .kind = EndKind::kStopped});
}

void Stage::note(const Running& running, EndKind kind) {
  for (const int slot : running.place.slots) {
    result_.timeline.push_back(
        {running.place.trial, running.place.node, slot, running.start_s, now_s_, kind});
    auto& [trials, since_s] = in_slot_.at({running.place.node, slot});
    if (--trials == 0) {
      result_.busy_slot_s += now_s_ - since_s;
    }
  }
}

void Stage::end(const AttemptEnded& event) {
  const auto running = running_.find(event.trial);
  note(running->second, event.kind);
  running_.erase(running);
  result_.makespan_s = now_s_;
  scheduler_.on(event, now_s_);
  if (event.kind == EndKind::kFinished) {
    add_sequels(event.trial);
  }
}

// Until nothing more is to be done at this moment: what ends at once makes room at once.
void Stage::act() {
  for (auto actions = scheduler_.decide(now_s_); !actions.empty();
       actions = scheduler_.decide(now_s_)) {
    for (const ScheduleAction& action : actions) {
      std::visit([this](const auto& content) { obey(content); }, action);
    }
  }
}

bool Stage::step() {
  const auto next_s = scheduler_.next_time_s();
  if (next_s && !running_.empty() && (ends_.empty() || *next_s < ends_.top().at_s)) {
    now_s_ = std::max(now_s_, *next_s);
    return true;
  }
  if (ends_.empty()) {
    return false;
  }
  const ComingEnd next = ends_.top();
  ends_.pop();
  const auto running = running_.find(next.event.trial);
  if (running != running_.end() && running->second.attempt == next.attempt) {
    now_s_ = next.at_s;
    end(next.event);
  }
  return true;
}

RehearsalResult Stage::play() {
  set_up();
  do {
    act();
  } while (step());
  result_.attempts = attempts_;
  result_.done = scheduler_.count(TrialPhase::kDone);
  result_.failed = scheduler_.count(TrialPhase::kFailed);
  result_.pending = scheduler_.count(TrialPhase::kPending);
  result_.allocated_slot_s = result_.makespan_s * rehearsal_.nodes * rehearsal_.node.slots;
  return std::move(result_);
}

}  // namespace

RehearsalResult rehearse(const Rehearsal& rehearsal) {
  return Stage(rehearsal).play();
}

}  // namespace glimpse::launcher
