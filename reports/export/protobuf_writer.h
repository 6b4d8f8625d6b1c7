#pragma once

// Writes one message of protobuf's wire format, field by field: a dozen lines instead of a library
// that would clash with the one in LibTorch. Fields come in the order of the calls.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace glimpse::reports {

class ProtobufWriter {
 public:
  // Left out where it is 0, as protobuf does with what is the default.
  ProtobufWriter& varint(int field, std::uint64_t value);
  ProtobufWriter& boolean(int field, bool value);  // written, also where it is false
  ProtobufWriter& number(int field, double value);
  ProtobufWriter& number(int field, float value);
  // Texts (UTF-8), bytes and messages, which look alike.
  ProtobufWriter& bytes(int field, std::string_view bytes);

  [[nodiscard]] std::string take() { return std::exchange(out_, {}); }

 private:
  void key(int field, int wire_type);
  void append_varint(std::uint64_t value);

  std::string out_;
};

// Low byte first, whatever machine this is.
void append_little_endian(std::string& out, std::uint32_t value);
void append_little_endian(std::string& out, std::uint64_t value);

}  // namespace glimpse::reports
