#include "launcher/transport/chunks.h"

#include <algorithm>
#include <utility>

#include "launcher/transport/launch_error.h"

namespace glimpse::launcher {
namespace {

constexpr std::size_t kNumberBytes = 4;
constexpr std::size_t kHeadBytes = kNumberBytes + 1;
constexpr std::size_t kMaxCarriedBytes = kMaxChunkBytes - kHeadBytes;

std::string make_head(std::uint32_t number, bool is_last) {
  std::string head;
  for (std::size_t i = 0; i < kNumberBytes; ++i) {
    head.push_back(static_cast<char>((number >> (8 * i)) & 0xFF));
  }
  head.push_back(is_last ? '\1' : '\0');
  return head;
}

std::uint32_t number_of(std::string_view chunk) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < kNumberBytes; ++i) {
    number |= std::uint32_t{static_cast<unsigned char>(chunk[i])} << (8 * i);
  }
  return number;
}

[[noreturn]] void refuse(const std::string& why) {
  throw LaunchError(experiments::ExitCode::kProtocol, "read chunk of a message: " + why);
}

void check_shape(std::string_view chunk) {
  if (chunk.size() < kHeadBytes || chunk.size() > kMaxChunkBytes) {
    refuse(std::to_string(chunk.size()) + " bytes are no chunk");
  }
  const char mark = chunk[kNumberBytes];
  // All but a message's last are full.
  if (mark != '\1' && (mark != '\0' || chunk.size() != kMaxChunkBytes)) {
    refuse("neither full nor a message's last");
  }
}

}  // namespace

std::vector<std::string> ChunkCutter::cut(std::string_view message) {
  std::vector<std::string> chunks;
  do {
    const std::string_view carried = message.substr(0, kMaxCarriedBytes);
    message.remove_prefix(carried.size());
    chunks.push_back(make_head(next_++, message.empty()).append(carried));
  } while (!message.empty());
  return chunks;
}

std::optional<std::string> ChunkJoiner::add(std::string_view chunk) {
  check_shape(chunk);
  if (number_of(chunk) != next_) {
    refuse("number " + std::to_string(number_of(chunk)) + " follows where " +
           std::to_string(next_) + " should");
  }
  const std::string_view carried = chunk.substr(kHeadBytes);
  if (begun_.size() + carried.size() > max_bytes_) {
    refuse("the message has more than " + std::to_string(max_bytes_) + " bytes");
  }
  ++next_;
  begun_.append(carried);
  if (chunk[kNumberBytes] == '\0') {
    return std::nullopt;
  }
  return std::exchange(begun_, {});
}

}  // namespace glimpse::launcher
