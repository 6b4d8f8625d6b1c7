#include "reports/export/protobuf_writer.h"

#include <bit>

namespace glimpse::reports {
namespace {

// Wire types: https://protobuf.dev/programming-guides/encoding/#structure
constexpr int kVarint = 0;
constexpr int kFixed64 = 1;
constexpr int kLengthDelimited = 2;
constexpr int kFixed32 = 5;

constexpr int kPayloadBits = 7;  // of each byte of a varint; the eighth says that more follow
constexpr std::uint64_t kMoreFollow = 0x80;

template <typename Whole>
void append_bytes(std::string& out, Whole value) {
  for (std::size_t i = 0; i < sizeof(value); ++i) {
    out += static_cast<char>(static_cast<unsigned char>(value >> (8 * i)));
  }
}

}  // namespace

void append_little_endian(std::string& out, std::uint32_t value) {
  append_bytes(out, value);
}

void append_little_endian(std::string& out, std::uint64_t value) {
  append_bytes(out, value);
}

void ProtobufWriter::append_varint(std::uint64_t value) {
  for (; value >= kMoreFollow; value >>= kPayloadBits) {
    out_ += static_cast<char>(static_cast<unsigned char>(value | kMoreFollow));
  }
  out_ += static_cast<char>(value);
}

void ProtobufWriter::key(int field, int wire_type) {
  append_varint(static_cast<std::uint64_t>(field) << 3 | static_cast<std::uint64_t>(wire_type));
}

ProtobufWriter& ProtobufWriter::varint(int field, std::uint64_t value) {
  if (value != 0) {
    key(field, kVarint);
    append_varint(value);
  }
  return *this;
}

ProtobufWriter& ProtobufWriter::boolean(int field, bool value) {
  key(field, kVarint);
  append_varint(value ? 1 : 0);
  return *this;
}

ProtobufWriter& ProtobufWriter::number(int field, double value) {
  key(field, kFixed64);
  append_little_endian(out_, std::bit_cast<std::uint64_t>(value));
  return *this;
}

ProtobufWriter& ProtobufWriter::number(int field, float value) {
  key(field, kFixed32);
  append_little_endian(out_, std::bit_cast<std::uint32_t>(value));
  return *this;
}

ProtobufWriter& ProtobufWriter::bytes(int field, std::string_view bytes) {
  key(field, kLengthDelimited);
  append_varint(bytes.size());
  out_ += bytes;
  return *this;
}

}  // namespace glimpse::reports
