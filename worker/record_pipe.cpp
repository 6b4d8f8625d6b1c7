#include "worker/record_pipe.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <system_error>

#include <poll.h>
#include <unistd.h>

namespace glimpse::worker {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;
using Kind = LineEvent::Kind;

constexpr std::size_t kBlockBytes = std::size_t{64} * 1024;   // what a pipe of Linux holds
constexpr milliseconds kLongestWait = std::chrono::hours(1);  // far from any overflow

void check(int error, const char* what) {
  if (error != 0) {
    throw std::system_error(error, std::generic_category(), what);
  }
}

// Gives errno, or 0.
int write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

// False when the time is up, or a signal came.
bool wait_for_bytes(int descriptor, milliseconds timeout) {
  pollfd waiting{.fd = descriptor, .events = POLLIN, .revents = 0};
  const int ready = ::poll(&waiting, 1, static_cast<int>(timeout.count()));
  check(ready < 0 && errno != EINTR ? errno : 0, "wait for a line");
  return ready > 0;
}

}  // namespace

LineEvent LineReader::next(milliseconds timeout) {
  const auto deadline = Clock::now() + std::min(timeout, kLongestWait);
  for (bool is_first = true;; is_first = false) {
    if (auto event = take_buffered()) {
      return *event;
    }
    if (has_ended_) {
      return {.kind = Kind::kEnd, .text = buffer_.substr(begin_)};
    }
    const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
    if ((left.count() <= 0 && !is_first) || !read_block(std::max(left, milliseconds(0)))) {
      return {};
    }
  }
}

// Nothing while the next line is neither whole nor above the limit.
std::optional<LineEvent> LineReader::take_buffered() {
  if (is_skipping_) {
    skip_long_line();
  }
  const std::size_t newline = buffer_.find('\n', searched_);
  const bool is_whole = newline != std::string::npos;
  const std::size_t size = (is_whole ? newline : buffer_.size()) - begin_;
  if (!is_whole && size <= most_bytes_) {
    searched_ = buffer_.size();
    return std::nullopt;
  }
  LineEvent event{.kind = Kind::kTooLong};
  if (size <= most_bytes_) {
    event = {.kind = Kind::kLine, .text = buffer_.substr(begin_, size)};
  }
  is_skipping_ = !is_whole;
  begin_ += is_whole ? size + 1 : size;
  searched_ = begin_;
  return event;
}

void LineReader::skip_long_line() {
  const std::size_t newline = buffer_.find('\n', begin_);
  is_skipping_ = newline == std::string::npos;
  begin_ = is_skipping_ ? buffer_.size() : newline + 1;
  searched_ = begin_;
}

// False where there was nothing to read.
bool LineReader::read_block(milliseconds timeout) {
  if (!wait_for_bytes(descriptor_, timeout)) {
    return false;
  }
  std::array<char, kBlockBytes> block{};
  const ssize_t got = ::read(descriptor_, block.data(), block.size());
  if (got < 0) {
    check(errno == EINTR || errno == EAGAIN ? 0 : errno, "read a line");
    return false;
  }
  has_ended_ = got == 0;
  buffer_.erase(0, begin_).append(block.data(), static_cast<std::size_t>(got));
  searched_ -= begin_;
  begin_ = 0;
  return true;
}

void RecordWriter::write(std::string_view line) {
  assert(line.find('\n') == std::string_view::npos);
  std::string bytes(line);
  bytes += '\n';
  const std::lock_guard lock(mutex_);
  if (error_ == 0) {
    error_ = write_all(descriptor_, bytes);
  }
  check(error_, "write a record");
}

}  // namespace glimpse::worker
