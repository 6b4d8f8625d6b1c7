#include "launcher/transport/bytes.h"

#include "launcher/transport/launch_error.h"

namespace glimpse::launcher {
namespace {

constexpr std::size_t kNumberBytes = 8;

}  // namespace

void ByteWriter::number(std::uint64_t value) {
  for (std::size_t i = 0; i < kNumberBytes; ++i) {
    bytes_.push_back(static_cast<char>((value >> (8 * i)) & 0xFF));
  }
}

void ByteWriter::text(std::string_view text) {
  number(text.size());
  bytes_.append(text);
}

std::uint64_t ByteReader::number() {
  std::uint64_t value = 0;
  const std::string_view bytes = take(kNumberBytes);
  for (std::size_t i = 0; i < kNumberBytes; ++i) {
    value |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  }
  return value;
}

std::string ByteReader::text() {
  return std::string(take(number()));
}

std::size_t ByteReader::count() {
  const std::uint64_t count = number();
  if (count > rest_.size() / kNumberBytes) {
    refuse(std::to_string(count) + " elements do not fit in " + std::to_string(rest_.size()) +
           " bytes");
  }
  return count;
}

void ByteReader::finish() const {
  if (!rest_.empty()) {
    refuse(std::to_string(rest_.size()) + " bytes too many");
  }
}

void ByteReader::refuse(const std::string& why) const {
  throw LaunchError(experiments::ExitCode::kProtocol,
                    "read " + std::string(what_) + ": " + why +
                        " (all ranks must be of one build: see 'glimpse version')");
}

std::string_view ByteReader::take(std::uint64_t size) {
  if (size > rest_.size()) {
    refuse("ends " + std::to_string(size - rest_.size()) + " bytes too early");
  }
  const std::string_view taken = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return taken;
}

}  // namespace glimpse::launcher
