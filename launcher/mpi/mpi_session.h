#pragma once

// MPI from its start to its end, of which a process has one. It ends by finish(), or by fail(): a
// rank that only went away, or finished while others wait for its messages, would leave them
// waiting for ever. For the thread that made it.

namespace glimpse::launcher {

class MpiSession {
 public:
  MpiSession();
  // Aborts all ranks unless finish() was called.
  ~MpiSession();
  MpiSession(const MpiSession&) = delete;
  MpiSession& operator=(const MpiSession&) = delete;
  MpiSession(MpiSession&&) = delete;
  MpiSession& operator=(MpiSession&&) = delete;

  // Waits for the other ranks to finish, too.
  void finish();
  // Ends all ranks with this exit code.
  [[noreturn]] static void fail(int exit_code) noexcept;

 private:
  bool is_finished_ = false;
};

}  // namespace glimpse::launcher
