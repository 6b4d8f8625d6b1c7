#pragma once

// The last steps of a process on its way to be an ordered program. For processes with one thread,
// which is all that the spawner and wardens have.

#include <string_view>

#include <sys/types.h>

#include "launcher/children/spawn_messages.h"

namespace glimpse::launcher {

// Exit codes of what cannot be started, as shells have them.
inline constexpr int kNoSuchProgram = 127;
inline constexpr int kCannotStart = 126;

// Called right after the fork by `parent`, with whom the process is to end; it has all signals
// blocked and none ignored. Becomes the program, or exits with a line on what it prints to.
[[noreturn]] void become_program(const StartOrder& start, pid_t parent);

// Says so where the child's printed lines go.
void say_in_pipe(int pipe, std::string_view line);

// To the process group that the program leads. A process that is only just becoming one leads none
// yet and gets the signal alone.
void signal_program(pid_t program, int number);

}  // namespace glimpse::launcher
