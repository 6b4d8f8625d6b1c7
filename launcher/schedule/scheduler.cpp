#include "launcher/schedule/scheduler.h"

#include "launcher/schedule/scheduler_state.h"

namespace glimpse::launcher {

Scheduler::Scheduler() : state_(std::make_unique<State>()) {}
Scheduler::~Scheduler() = default;
Scheduler::Scheduler(Scheduler&&) noexcept = default;
Scheduler& Scheduler::operator=(Scheduler&&) noexcept = default;

void Scheduler::on(const ScheduleEvent& event, double now_s) {
  state_->advance(now_s);
  std::visit([this](const auto& content) { state_->take(content); }, event);
}

std::vector<ScheduleAction> Scheduler::decide(double now_s) {
  return state_->decide(now_s);
}

std::optional<double> Scheduler::next_time_s() const {
  return state_->next_time_s();
}

TrialPhase Scheduler::phase(TrialNumber trial) const {
  return state_->phase(trial);
}

std::size_t Scheduler::count(TrialPhase phase) const {
  return state_->count(phase);
}

bool Scheduler::is_over() const {
  return state_->is_over();
}

WaitReason Scheduler::wait_reason(TrialNumber trial) const {
  return state_->wait_reason(trial);
}

std::optional<Reservation> Scheduler::reservation() const {
  return state_->reservation();
}

int Scheduler::lanes(StudyNumber study) const {
  return state_->lanes(study);
}

}  // namespace glimpse::launcher
