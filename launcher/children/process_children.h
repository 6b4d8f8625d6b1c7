#pragma once

// Real processes behind children.h. One thread; nothing here waits but wait().

#include <map>
#include <optional>

#include <sys/types.h>

#include "launcher/children/child_talk.h"
#include "launcher/children/children.h"
#include "launcher/children/spawner.h"

namespace glimpse::launcher {

// Once the spawner is gone, all children end with the status of SIGKILL and start() throws
// std::runtime_error: the program is to end, too.
class ProcessChildren : public Children {
 public:
  // The spawner outlives it, and ends what is left.
  explicit ProcessChildren(Spawner& spawner) : spawner_(spawner) {}

  // Throws std::system_error where there is no descriptor left for pipes.
  ChildId start(const ChildOrder& order) override;
  // Takes a line whole or not at all and writes it as the child reads; false once more than 1 MiB
  // waits for that.
  bool send(ChildId child, std::string_view line) override;
  void signal(ChildId child, int number) override;
  void kill(ChildId child) override;
  // At most 64 KiB of what it printed and 64 lines of each child.
  std::vector<ChildEvent> wait(std::chrono::milliseconds timeout, int also) override;

  // The process of a child that was started and has not ended: the warden where it has one.
  [[nodiscard]] std::optional<pid_t> process_of(ChildId child) const;

 private:
  struct Child {
    ChildTalk talk;
    std::optional<pid_t> process;  // while it runs
  };

  [[nodiscard]] std::vector<pollfd> poll(std::chrono::milliseconds timeout, int also) const;
  void take_reports();

  Spawner& spawner_;
  std::map<ChildId, Child> children_;
  ChildId last_ = 0;
};

}  // namespace glimpse::launcher
