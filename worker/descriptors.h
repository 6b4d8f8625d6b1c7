#pragma once

// Descriptors and lives between a process and those that it starts. A process that was started lets
// go first of what it inherited by accident (a descriptor kept open keeps a pipe, a lock or a port
// alive) and ties its life to its parent's; both are for its only thread. All throw
// std::system_error.

#include <span>

#include <sys/types.h>

#include "storage/files/file_io.h"

namespace glimpse::worker {

// Neither end is inherited by programs that are started.
struct Pipe {
  storage::FileDescriptor reading;
  storage::FileDescriptor writing;
};
Pipe make_pipe();

// Every open descriptor but these is closed, the standard ones too.
void close_all_but(std::span<const int> kept);

// From now on the kernel sends SIGKILL when the thread that forked this process ends; at once if it
// has ended already. `parent` is the process id that the parent knows as its own: who asks for it
// afterwards may be told of the one that took over. Holds through exec, but not for children.
void die_with_parent(pid_t parent);

}  // namespace glimpse::worker
