#include "launcher/run/event_loop.h"

#include <chrono>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "launcher/transport/launch_error.h"

namespace glimpse::launcher {
namespace {

using std::chrono::milliseconds;

// How soon a signal or a limit is noticed where children are quiet.
constexpr milliseconds kTick{100};
constexpr double kHeartbeatSeconds = 2;
constexpr double kSilenceSeconds = 30;

// What a rank says to the others so that silence means something. It does from a rank's first word
// on: before its loop a rank may build or copy datasets for as long as that takes.
class Heartbeats {
 public:
  Heartbeats(Transport& transport, double now_s)
      : transport_(transport),
        said_s_(now_s),
        heard_s_(static_cast<std::size_t>(transport.size())) {}

  void heard(int from, double now_s) { heard_s_.at(static_cast<std::size_t>(from)) = now_s; }

  void step(double now_s) {
    if (transport_.size() == 1 || now_s - said_s_ < kHeartbeatSeconds) {
      return;
    }
    said_s_ = now_s;
    const bool is_first = transport_.rank() == 0;
    for (int to = is_first ? 1 : 0; to < (is_first ? transport_.size() : 1); ++to) {
      transport_.send(to, HeartbeatMessage{});
      check(to, now_s);
    }
  }

 private:
  void check(int rank, double now_s) const {
    const double silent_s = now_s - heard_s_.at(static_cast<std::size_t>(rank)).value_or(now_s);
    if (silent_s > kSilenceSeconds) {
      throw LaunchError(experiments::ExitCode::kInterrupted,
                        "rank " + std::to_string(rank) + " has been silent for " +
                            std::to_string(static_cast<int>(silent_s)) +
                            " s (start the same command again: it goes on)");
    }
  }

  Transport& transport_;
  double said_s_;
  std::vector<std::optional<double>> heard_s_;
};

milliseconds patience(const Transport& transport) {
  return transport.needs_probing() ? kProbeInterval : kTick;
}

// True once the agent is told to leave.
bool give_to_agent(Agent& agent, const Message& message) {
  if (const auto* const start = std::get_if<StartMessage>(&message)) {
    agent.take(*start);
  } else if (const auto* const stop = std::get_if<StopMessage>(&message)) {
    agent.take(*stop);
  }
  return std::holds_alternative<LeaveMessage>(message);
}

void give_to_coordinator(Coordinator& coordinator, const Received& received) {
  if (const auto* const join = std::get_if<JoinMessage>(&received.message)) {
    coordinator.take(received.from, *join);
  } else if (const auto* const record = std::get_if<RecordMessage>(&received.message)) {
    coordinator.take(received.from, *record);
  } else if (const auto* const signal = std::get_if<SignalMessage>(&received.message)) {
    coordinator.take(received.from, *signal);
  }
}

void flush(Transport& transport, Agent& agent) {
  while (!transport.try_flush()) {
    agent.step(kProbeInterval, -1);
  }
}

}  // namespace

void run_coordinator(Coordinator& coordinator,
                     Agent& agent,
                     Transport& transport,
                     const LoopPorts& ports) {
  Heartbeats heartbeats(transport, ports.now_s());
  const auto take_messages = [&] {
    bool came = false;
    while (auto received = transport.try_receive()) {
      came = true;
      heartbeats.heard(received->from, ports.now_s());
      give_to_coordinator(coordinator, *received);
      give_to_agent(agent, received->message);
    }
    return came;
  };
  int signals = 0;
  do {
    if (ports.take_signal()) {
      agent.expect_stop();
      coordinator.take(transport.rank(), SignalMessage{.times = ++signals});
    }
    do {
      coordinator.step();
    } while (take_messages());
    heartbeats.step(ports.now_s());
    ports.tick();
    agent.step(patience(transport), coordinator.wake_descriptor());
  } while (!coordinator.is_over() || !agent.is_idle());
  for (int rank = 1; rank < transport.size(); ++rank) {
    transport.send(rank, LeaveMessage{});
  }
  flush(transport, agent);
}

void run_agent(Agent& agent, Transport& transport, const LoopPorts& ports) {
  Heartbeats heartbeats(transport, ports.now_s());
  int signals = 0;
  bool is_leaving = false;
  while (!is_leaving) {
    if (ports.take_signal()) {
      agent.expect_stop();
      transport.send(0, SignalMessage{.times = ++signals});
    }
    while (auto received = transport.try_receive()) {
      heartbeats.heard(received->from, ports.now_s());
      is_leaving = give_to_agent(agent, received->message) || is_leaving;
    }
    heartbeats.step(ports.now_s());
    agent.step(patience(transport), -1);
  }
  flush(transport, agent);
}

}  // namespace glimpse::launcher
