#pragma once

// Lines of text over pipes: commands into a process that trains, records out of it. The other end
// may be slow, silent, dead or hostile, and none of that may stop a training step or tear a line.
// Neither class owns its descriptor. A LineReader belongs to one thread; any thread may write.

#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "experiments/record.h"

namespace glimpse::worker {

struct LineEvent {
  enum class Kind {
    kLine,
    kTooLong,  // a line above the limit, told once; it is skipped up to its newline
    kNothing,  // no whole line yet
    kEnd       // nobody has the other end open any more; every later call says so again
  };
  Kind kind = Kind::kNothing;
  // The line without its newline. At the end: what came behind the last one and is no line.
  std::string text = {};
};

class LineReader {
 public:
  explicit LineReader(int descriptor, std::size_t most_bytes = experiments::kMaxRecordBytes)
      : descriptor_(descriptor), most_bytes_(most_bytes) {}

  // Waits at most so long, and less when a signal arrives, so that its handler's flag is seen.
  // Throws std::system_error where the descriptor cannot be read.
  [[nodiscard]] LineEvent next(std::chrono::milliseconds timeout);
  // Waits for nothing and reads one block at most, whatever the other end sends.
  [[nodiscard]] LineEvent try_next() { return next(std::chrono::milliseconds(0)); }

 private:
  [[nodiscard]] std::optional<LineEvent> take_buffered();
  void skip_long_line();
  [[nodiscard]] bool read_block(std::chrono::milliseconds timeout);

  int descriptor_;
  std::size_t most_bytes_;
  std::string buffer_;        // bytes read; those not handed out begin at begin_
  std::size_t begin_ = 0;     // where the next line starts
  std::size_t searched_ = 0;  // there is no newline between begin_ and here
  bool is_skipping_ = false;  // within a line that was too long
  bool has_ended_ = false;
};

class RecordWriter {
 public:
  explicit RecordWriter(int descriptor) : descriptor_(descriptor) {}

  // Adds the newline and returns once all is written; waits while the other end is slow. Lines of
  // several threads never mix. Throws std::system_error; a reader that is gone is EPIPE, given that
  // the program ignores SIGPIPE. After a failure every call fails, because half a line may be out.
  void write(std::string_view line);

 private:
  std::mutex mutex_;
  int descriptor_;
  int error_ = 0;  // errno of the first failure
};

}  // namespace glimpse::worker
