#include <exception>

#include <fcntl.h>

#include "launcher/children/spawner_main.h"

// Started by Spawner (spawner.h), which has made this process what it must be; nobody else calls
// it.
int main() {
  using glimpse::launcher::kSpawnerSocket;
  // What it starts must not have it.
  if (::fcntl(kSpawnerSocket, F_SETFD, FD_CLOEXEC) != 0) {
    return 1;
  }
  try {
    glimpse::launcher::serve_spawner(kSpawnerSocket);
    return 0;
  } catch (const std::exception&) {
    return 1;  // the agent sees the end of the socket
  }
}
