#pragma once

// What every rank does from start to end: waits for children, messages, signals and the database,
// and lets agent and coordinator deal with them. Only one thread; nothing in it blocks for longer
// than a tick.

#include <functional>
#include <string>

#include "launcher/run/agent.h"
#include "launcher/run/coordinator.h"
#include "launcher/transport/transport.h"

namespace glimpse::launcher {

struct LoopPorts {
  std::function<bool()> take_signal;  // whether one more has asked us to stop
  std::function<double()> now_s;
  // Called a few times a second on the coordinator's rank: a screen, a spool.
  std::function<void()> tick;
};

// Rank 0: until the coordinator is done and all agents have been told so. Throws LaunchError where
// an agent has been silent for too long.
void run_coordinator(Coordinator& coordinator,
                     Agent& agent,
                     Transport& transport,
                     const LoopPorts& ports);

// The other ranks: until they are told to leave.
void run_agent(Agent& agent, Transport& transport, const LoopPorts& ports);

}  // namespace glimpse::launcher
