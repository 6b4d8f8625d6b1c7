#include "launcher/run/inbox.h"

#include <utility>

#include <unistd.h>

namespace glimpse::launcher {

Inbox::Inbox() : wake_(worker::make_pipe()) {}

void Inbox::put(Task task) noexcept {
  const std::lock_guard lock(mutex_);
  tasks_.push_back(std::move(task));
  if (tasks_.size() == 1) {
    constexpr char kByte = 1;
    static_cast<void>(write(wake_.writing.get(), &kByte, 1));  // one byte always fits
  }
}

std::vector<Inbox::Task> Inbox::take_all() {
  const std::lock_guard lock(mutex_);
  if (!tasks_.empty()) {
    char byte = 0;
    static_cast<void>(read(wake_.reading.get(), &byte, 1));
  }
  return std::exchange(tasks_, {});
}

}  // namespace glimpse::launcher
