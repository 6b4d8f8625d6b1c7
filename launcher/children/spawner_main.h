#pragma once

// What the spawner's process does: starts what it is told to, reaps whatever ends, and ends what
// lost its parent. It has one thread and waits for nothing but news.

namespace glimpse::launcher {

// `socket` is its end of spawn_messages.h. Returns once the other end is closed and all its
// descendants are gone. All signals must be blocked.
void serve_spawner(int socket);

}  // namespace glimpse::launcher
