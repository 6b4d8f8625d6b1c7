#pragma once

// What the spawner's process does: starts what it is told to, reaps whatever ends, and ends what
// lost its parent. It has one thread and waits for nothing but news.

namespace glimpse::launcher {

// Where the program glimpse-spawner finds its end of spawn_messages.h.
inline constexpr int kSpawnerSocket = 3;

// Returns once the other end is closed and all its descendants are gone. All signals must be
// blocked.
void serve_spawner(int socket);

}  // namespace glimpse::launcher
