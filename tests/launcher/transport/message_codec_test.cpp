#include "launcher/transport/message_codec.h"

#include <limits>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "experiments/record_error.h"
#include "launcher/transport/launch_error.h"
#include "tests/experiments/json/record_generator.h"
#include "tests/support/damage.h"

namespace glimpse::launcher {
namespace {

using experiments::StartCommand;

template <typename T>
T any() {
  return *rc::gen::arbitrary<T>();
}

int natural() {
  return *rc::gen::inRange(0, std::numeric_limits<int>::max());
}

double seconds() {
  return *rc::gen::element(0.0, 0.1, 30.0, 1e8) * (any<bool>() ? 1 : 1.0 / 3);
}

std::string text() {
  return any<std::string>();
}

template <typename Make>
auto some(Make make) {
  std::vector<decltype(make())> list;
  for (int left = *rc::gen::inRange(0, 4); left > 0; --left) {
    list.push_back(make());
  }
  return list;
}

StartCommand random_start() {
  for (;;) {
    const experiments::Command command = experiments::random_command();
    if (const auto* const start = std::get_if<StartCommand>(&command)) {
      return *start;
    }
  }
}

experiments::ResourceLimit random_limit() {
  return {.name = text(), .value = any<std::uint64_t>()};
}

Job random_job() {
  return {.start = random_start(),
          .slots = some(natural),
          .command = some(text),
          .report = any<bool>() ? experiments::ReportVia::kFd : experiments::ReportVia::kStdout,
          .members = *rc::gen::inRange(1, 1025),
          .silence_s = seconds(),
          .trial_time_s = seconds(),
          .grace_s = seconds(),
          .memory_bytes = any<std::uint64_t>(),
          .rlimits = some(random_limit),
          .log_patterns = some([] {
            return experiments::LogPattern{text(), text()};
          })};
}

JoinMessage random_join() {
  return {.host = text(),
          .slots = natural(),
          .memory_bytes = any<std::uint64_t>(),
          .description = text()};
}

Message random_message() {
  switch (*rc::gen::resize(rc::kNominalSize, rc::gen::inRange(0, 7))) {
    case 0:
      return random_join();
    case 1:
      return RecordMessage{
          .record = experiments::random_record(), .number = natural(), .t_ms = natural()};
    case 2:
      return SignalMessage{natural()};
    case 3:
      return StartMessage{random_job()};
    case 4:
      return StopMessage{.attempt = {.run = text(), .number = 1 + natural() % 1000},
                         .is_now = any<bool>()};
    case 5:
      return LeaveMessage{};
    default:
      return HeartbeatMessage{};
  }
}

RC_GTEST_PROP(MessageCodec, AMessageReadsBackAsTheSame, ()) {
  const Message message = random_message();
  RC_ASSERT(unpack_message(pack_message(message)) == message);
}

// Whatever is done to the bytes, they are refused with one line, or are a message of their own.
RC_GTEST_PROP(MessageCodec, DamageIsRefusedInOneLineOrIsAnotherMessage, ()) {
  std::mt19937_64 random(any<std::uint64_t>());
  const std::string whole = pack_message(random_message());
  for (int i = 0; i < 20; ++i) {
    const std::string damaged = tests::mutate(whole, random);
    try {
      RC_ASSERT(unpack_message(pack_message(unpack_message(damaged))) == unpack_message(damaged));
    } catch (const LaunchError& error) {
      RC_ASSERT(std::string(error.what()).find('\n') == std::string::npos);
      RC_ASSERT(error.code() == experiments::ExitCode::kProtocol);
    }
  }
}

RC_GTEST_PROP(MessageCodec, WhatIsCutOffIsRefused, ()) {
  const std::string whole = pack_message(random_message());
  const std::size_t kept = *rc::gen::inRange<std::size_t>(0, whole.size());
  RC_ASSERT_THROWS_AS(unpack_message(whole.substr(0, kept)), LaunchError);
}

std::string complaint_about(const std::string& bytes) {
  try {
    unpack_message(bytes);
  } catch (const LaunchError& error) {
    return error.what();
  }
  return "nothing";
}

std::string number(std::uint64_t value) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) {
    bytes.push_back(static_cast<char>((value >> (8 * i)) & 0xFF));
  }
  return bytes;
}

TEST(MessageCodec, NamesWhatIsWrong) {
  const std::string hint = " (all ranks must be of one build: see 'glimpse version')";
  EXPECT_EQ(complaint_about(""), "read message: ends 8 bytes too early" + hint);
  EXPECT_EQ(complaint_about(number(7)), "read message: 7 is out of range" + hint);
  EXPECT_EQ(complaint_about(number(5) + "x"), "read message: 1 bytes too many" + hint);
  // A length near the largest number must not wrap around.
  EXPECT_EQ(complaint_about(number(0) + number(~std::uint64_t{0})),
            "read message: ends 18446744073709551615 bytes too early" + hint);
}

TEST(MessageCodec, CountsAreCheckedBeforeAnythingIsMade) {
  StartMessage start;
  start.job.slots = {77};
  std::string bytes = pack_message(start);
  const std::size_t slots_at = bytes.find(number(1) + number(77));
  ASSERT_NE(slots_at, std::string::npos);
  bytes.replace(slots_at, 8, number(std::uint64_t{1} << 60));
  EXPECT_NE(complaint_about(bytes).find("1152921504606846976 elements do not fit"),
            std::string::npos)
      << complaint_about(bytes);
}

TEST(MessageCodec, WhatIsTooLongIsNeitherPackedNorRead) {
  JoinMessage join;
  join.host = std::string(kMaxPackedBytes, 'v');
  EXPECT_THROW(pack_message(join), LaunchError);
  EXPECT_NE(complaint_about(std::string(kMaxPackedBytes + 1, '\0')).find("at most 1048576"),
            std::string::npos);
}

TEST(MessageCodec, WhatIsOutOfRangeIsNotSent) {
  EXPECT_THROW(pack_message(SignalMessage{-1}), LaunchError);
  EXPECT_THROW(pack_message(RecordMessage{}), experiments::RecordError);
  StartMessage start;
  start.job.silence_s = std::numeric_limits<double>::quiet_NaN();
  EXPECT_ANY_THROW(pack_message(start));
}

}  // namespace
}  // namespace glimpse::launcher
