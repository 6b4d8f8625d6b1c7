// The bytes are those that TensorBoard itself reads: tensorboard_judge.py shows it of whole files.

#include "reports/export/event_record.h"

#include <array>
#include <limits>

#include <gtest/gtest.h>

#include "reports/export/crc32c.h"
#include "reports/export/protobuf_writer.h"

namespace glimpse::reports {
namespace {

std::string hex(std::string_view bytes) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const char byte : bytes) {
    text += kDigits[static_cast<unsigned char>(byte) >> 4];
    text += kDigits[static_cast<unsigned char>(byte) & 15];
  }
  return text;
}

TEST(Crc32c, IsCastagnolis) {
  EXPECT_EQ(crc32c("123456789"), 0xe3069283U);
  EXPECT_EQ(masked_crc32c("123456789"), 0xc78ab0e5U);
  EXPECT_EQ(crc32c(""), 0U);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8a9136aaU) << "RFC 3720, B.4";
  EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62a8ab43U) << "the same";
}

TEST(ProtobufWriter, WritesVarintsOfAnyLength) {
  EXPECT_EQ(hex(ProtobufWriter().varint(1, 150).take()), "089601");
  EXPECT_EQ(hex(ProtobufWriter().varint(1, 127).varint(2, 128).take()), "087f108001");
  EXPECT_EQ(hex(ProtobufWriter().varint(16, 1).take()), "800101") << "a key of two bytes";
  EXPECT_EQ(hex(ProtobufWriter().varint(1, std::numeric_limits<std::uint64_t>::max()).take()),
            "08ffffffffffffffffff01");
}

TEST(ProtobufWriter, LeavesZeroOutButNotFalse) {
  EXPECT_EQ(hex(ProtobufWriter().varint(1, 0).take()), "");
  EXPECT_EQ(hex(ProtobufWriter().boolean(1, false).boolean(2, true).take()), "08001001");
}

TEST(ProtobufWriter, CountsTheBytesOfLongTexts) {
  const std::string message = ProtobufWriter().bytes(2, std::string(300, 'x')).take();
  EXPECT_EQ(hex(message.substr(0, 3)), "12ac02");
  EXPECT_EQ(message.size(), 303U);
}

TEST(EventRecord, BeginsAFileAsTensorBoardDoes) {
  EXPECT_EQ(hex(render_version_event(0)),
            "1800000000000000a37f4b220900000000000000001a0d627261696e2e4576656e743a32eedf28a3");
}

TEST(EventRecord, HoldsAPointOfACurve) {
  EXPECT_EQ(hex(render_scalar_event({.wall_s = 1, .step = 7}, "loss", 0.5F)),
            "1a00000000000000129bd82d09000000000000f03f10072a0d0a0b0a046c6f7373150000003f862c9a2f");
}

TEST(EventRecord, BeginsASession) {
  const SessionStart start{.parameters = {{"lr", 0.5}}, .group = "g", .start_s = 1};
  EXPECT_EQ(
      hex(render_session_start(1, start)),
      "6300000000000000b16b13d909000000000000f03f2a580a560a1c5f68706172616d735f2f73657373696f"
      "6e5f73746172745f696e666f4a2c0a2a0a0768706172616d73121f1a1d0a0f0a026c72120911000000000000"
      "e03f22016729000000000000f03f42080801120412020800498c6467");
}

TEST(EventRecord, EndsASession) {
  EXPECT_EQ(
      hex(render_session_end(2, {.status = SessionStatus::kSuccess, .end_s = 2})),
      "4f000000000000006c474f930900000000000000402a440a420a1a5f68706172616d735f2f73657373696f"
      "6e5f656e645f696e666f4a1a0a180a0768706172616d73120d220b080111000000000000004042080801120412"
      "020800ae18d417");
}

TEST(EventRecord, HoldsTextsAndFlagsOfASession) {
  const SessionStart start{
      .parameters = {{"flag", false}, {"model", std::string("rnn")}}, .group = "", .start_s = 1};
  const std::string record = render_session_start(1, start);
  const std::string text = hex(record);
  EXPECT_NE(text.find("0a0a0a04666c616712022000"), std::string::npos) << text;
  EXPECT_NE(text.find("0a0e0a056d6f64656c12051a03726e6e"), std::string::npos) << text;
}

TEST(EventRecord, HoldsAPicture) {
  const std::array<std::byte, 2> png = {std::byte{0x89}, std::byte{0x50}};
  const std::string record =
      render_picture_event({.wall_s = 1, .step = 3}, "c", {.width = 5, .height = 4, .png = png});
  const std::string content =
      "0804100518012202"
      "8950";
  EXPECT_NE(hex(record).find("10032a110a0f0a0163220a" + content), std::string::npos) << hex(record);
}

}  // namespace
}  // namespace glimpse::reports
