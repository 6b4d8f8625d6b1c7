#pragma once

// A process between the spawner and a command of somebody else's, which may start what it likes:
// whatever the command leaves behind, however it hid it, becomes a child of its warden and is ended
// by it. The warden has one thread, all signals blocked and no descriptor.

#include <csignal>

#include <sys/types.h>

#include "launcher/children/spawn_messages.h"

namespace glimpse::launcher {

// Called right after the fork by `spawner`, all signals blocked. Exits like the command, 128 + n
// for signal n, once none of its descendants is left; ends them all when the spawner ends.
//
// SIGTERM from anybody else is not heard: batch systems send it to every process when a job is to
// save its work, and only the agent decides then what becomes of a command.
[[noreturn]] void run_warden(const StartOrder& start, pid_t spawner);

// What the spawner tells a warden: to end everything, or to send the command's process group a
// signal. The warden alone knows whether that group is still the command's.
void tell_warden_to_end(pid_t warden);
void tell_warden_to_signal(pid_t warden, int number);

}  // namespace glimpse::launcher
