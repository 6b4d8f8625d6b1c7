#pragma once

// The process that starts all others for an agent, as the agent sees it. It is forked from main's
// thread before MPI and before any thread exists, and goes on as the program glimpse-spawner, whose
// forks are cheap, since it is small, and inherit nothing of either. All processes of trials
// descend from it and end with it, and it ends with the thread that made it. Its end is final: a
// program that finds it gone ends too, and is started again.

#include <chrono>
#include <optional>

#include <sys/types.h>

#include "launcher/children/spawn_messages.h"

namespace glimpse::launcher {

class Spawner {
 public:
  // Throws std::system_error, also where glimpse-spawner does not lie beside this program.
  Spawner();
  // Ends all that was started, and waits for it.
  ~Spawner();
  Spawner(const Spawner&) = delete;
  Spawner& operator=(const Spawner&) = delete;
  Spawner(Spawner&&) = delete;
  Spawner& operator=(Spawner&&) = delete;

  // False when it is gone; then nothing happens.
  bool start(ChildId child, const ChildOrder& order, const ChildPipes& pipes);
  bool signal(ChildId child, int number);
  bool kill(ChildId child);
  // What it told since; waits for nothing.
  std::optional<SpawnReport> try_next();

  [[nodiscard]] bool is_gone() const { return !socket_.is_open(); }
  // For poll(2): readable when there is news, its end included. -1 when it is gone.
  [[nodiscard]] int descriptor() const { return socket_.get(); }
  [[nodiscard]] pid_t process() const { return process_; }

 private:
  template <typename Send>
  bool try_tell(const Send& send);
  // Without it nobody would end what it started.
  void bury();

  storage::FileDescriptor socket_;
  pid_t process_ = -1;  // -1 once reaped
};

}  // namespace glimpse::launcher
