#pragma once

// Plain data as bytes: numbers of eight bytes, least significant first, and texts behind their
// length. The reader trusts nothing: it never allocates more than what lies before it.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace glimpse::launcher {

class ByteWriter {
 public:
  void number(std::uint64_t value);
  void text(std::string_view text);
  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

// Throws LaunchError with the name of what was read. The bytes outlive the reader.
class ByteReader {
 public:
  ByteReader(std::string_view bytes, std::string_view what) : rest_(bytes), what_(what) {}

  std::uint64_t number();
  std::string text();
  // How many elements follow; each takes at least eight bytes.
  std::size_t count();
  void finish() const;
  [[noreturn]] void refuse(const std::string& why) const;

 private:
  std::string_view take(std::uint64_t size);

  std::string_view rest_;
  std::string_view what_;
};

}  // namespace glimpse::launcher
