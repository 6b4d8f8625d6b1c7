#include "launcher/children/child_talk.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace glimpse::launcher {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kMostUnsent = std::size_t{1} << 20;
constexpr std::size_t kBlockBytes = std::size_t{64} * 1024;  // what a pipe of Linux holds
constexpr int kLinesAtOnce = 64;
constexpr std::chrono::seconds kGrace(1);
constexpr std::chrono::seconds kLongestGrace(5);

void stop_waiting(int descriptor) {
  if (::fcntl(descriptor, F_SETFL, O_NONBLOCK) != 0) {
    throw std::system_error(errno, std::generic_category(), "prepare a pipe");
  }
}

// A write to a pipe that nobody reads raises SIGPIPE, which must not end this program. Others that
// were pending are left so.
class PipeSignalHeld {
 public:
  PipeSignalHeld() {
    sigset_t pending;
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~PipeSignalHeld() {
    if (!was_pending_) {
      const timespec no_time{};
      ::sigtimedwait(&pipe_, nullptr, &no_time);
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  PipeSignalHeld(const PipeSignalHeld&) = delete;
  PipeSignalHeld& operator=(const PipeSignalHeld&) = delete;
  PipeSignalHeld(PipeSignalHeld&&) = delete;
  PipeSignalHeld& operator=(PipeSignalHeld&&) = delete;

 private:
  sigset_t pipe_{};
  sigset_t before_{};
  bool was_pending_ = false;
};

}  // namespace

ChildTalk::ChildTalk(ChildId child, Ends ends) : child_(child), ends_(std::move(ends)) {
  stop_waiting(ends_.printed.get());
  if (ends_.commands.is_open()) {
    stop_waiting(ends_.commands.get());
  }
  if (ends_.records.is_open()) {
    stop_waiting(ends_.records.get());
  }
}

bool ChildTalk::send(std::string_view line) {
  if (!ends_.commands.is_open() || unsent_.size() + line.size() >= kMostUnsent) {
    return false;
  }
  unsent_.append(line) += '\n';
  flush();
  return ends_.commands.is_open();
}

void ChildTalk::flush() {
  const PipeSignalHeld held;
  while (!unsent_.empty()) {
    const ssize_t written = ::write(ends_.commands.get(), unsent_.data(), unsent_.size());
    if (written >= 0) {
      unsent_.erase(0, static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      return;
    } else if (errno != EINTR) {
      ends_.commands = storage::FileDescriptor();
      unsent_.clear();
    }
  }
}

ChildTalk::Polled ChildTalk::polled() const {
  const int commands = unsent_.empty() ? -1 : ends_.commands.get();
  return {{{.fd = ends_.printed.get(), .events = POLLIN, .revents = 0},
           {.fd = ends_.records.get(), .events = POLLIN, .revents = 0},
           {.fd = commands, .events = POLLOUT, .revents = 0}}};
}

std::optional<milliseconds> ChildTalk::longest_wait(Clock::time_point now) const {
  if (has_more_lines_) {
    return milliseconds(0);
  }
  if (!status_) {
    return std::nullopt;
  }
  return std::max(milliseconds(0), std::chrono::ceil<milliseconds>(told_at_ + kGrace - now));
}

void ChildTalk::read(std::span<const pollfd, kEnds> found, std::vector<ChildEvent>& events) {
  const std::size_t before = events.size();
  if (found[0].revents != 0) {
    read_printed(events);
  }
  if (found[1].revents != 0 || has_more_lines_) {
    read_lines(events);
  }
  if (found[2].revents != 0) {
    flush();
  }
  is_quiet_ = events.size() == before;
}

void ChildTalk::read_printed(std::vector<ChildEvent>& events) {
  std::string block(kBlockBytes, '\0');
  const ssize_t got = ::read(ends_.printed.get(), block.data(), block.size());
  if (got > 0) {
    block.resize(static_cast<std::size_t>(got));
    events.push_back({.child = child_, .kind = ChildEvent::Kind::kPrinted, .text = block});
  } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
    ends_.printed = storage::FileDescriptor();
  }
}

void ChildTalk::read_lines(std::vector<ChildEvent>& events) {
  using Kind = worker::LineEvent::Kind;
  has_more_lines_ = false;
  for (int taken = 0; taken < kLinesAtOnce; ++taken) {
    worker::LineEvent line = lines_.try_next();
    if (line.kind == Kind::kNothing) {
      return;
    }
    if (line.kind == Kind::kEnd) {
      ends_.records = storage::FileDescriptor();
      return;
    }
    const bool is_whole = line.kind == Kind::kLine;
    events.push_back({.child = child_,
                      .kind = is_whole ? ChildEvent::Kind::kLine : ChildEvent::Kind::kLongLine,
                      .text = std::move(line.text)});
  }
  has_more_lines_ = true;
}

void ChildTalk::end(int status, Clock::time_point now) {
  status_ = status;
  told_at_ = now;
}

bool ChildTalk::is_over(Clock::time_point now) const {
  if (!status_) {
    return false;
  }
  const bool has_read_all = !ends_.printed.is_open() && !ends_.records.is_open();
  const auto waited = now - told_at_;
  return has_read_all || (waited >= kGrace && is_quiet_) || waited >= kLongestGrace;
}

}  // namespace glimpse::launcher
