#pragma once

// Messages cut into chunks that every network takes in one go, and put together again. A chunk is
// its number (4 bytes), whether it is a message's last (1 byte) and what it carries. Numbers go on
// from message to message, so that a chunk which is lost, doubled or overtaken is seen. One cutter
// and one joiner for each ordered pair of ranks.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace glimpse::launcher {

inline constexpr std::size_t kMaxChunkBytes = 1024;

class ChunkCutter {
 public:
  std::vector<std::string> cut(std::string_view message);

 private:
  std::uint32_t next_ = 0;
};

class ChunkJoiner {
 public:
  explicit ChunkJoiner(std::size_t max_message_bytes) : max_bytes_(max_message_bytes) {}

  // The message that the chunk completes, if it does. Throws LaunchError for a chunk that cannot
  // follow those before.
  std::optional<std::string> add(std::string_view chunk);

 private:
  std::size_t max_bytes_;
  std::uint32_t next_ = 0;
  std::string begun_;
};

}  // namespace glimpse::launcher
