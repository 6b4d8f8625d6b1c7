#pragma once

// One rank's part of a run: its agent, and what it tells the coordinator of itself.

#include <functional>

#include "launcher/children/children.h"
#include "launcher/env.h"
#include "launcher/interruption.h"
#include "launcher/node_slots.h"
#include "launcher/run/agent.h"
#include "launcher/run/event_loop.h"
#include "launcher/run/run_options.h"
#include "launcher/run_in_world.h"
#include "launcher/study_source.h"

namespace glimpse::launcher {

// References outlive it.
struct Part {
  const RunOptions& options;
  const LoadedStudy& loaded;
  Children& children;
  const Interruption& interruption;
  World& world;
  const Crew& crew;
  Env& env;
  const NodeSlots& slots;
};

// Copies datasets first where that is asked for. They must be there.
Agent make_agent(const Part& part);
void join(const Part& part);
LoopPorts loop_ports(const Part& part, std::function<void()> tick);

// All that a rank besides the first does; gives its exit code.
int follow(const Part& part);

}  // namespace glimpse::launcher
