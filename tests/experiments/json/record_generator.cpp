#include "tests/experiments/json/record_generator.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include <rapidcheck.h>

namespace glimpse::experiments {
namespace {

// RapidCheck alone would draw from the small end in its first cases.
int below(int limit) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(0, limit));
}

std::int64_t whole(std::int64_t from, std::int64_t to) {
  // Both ends matter most, and small ones.
  switch (below(4)) {
    case 0:
      return from;
    case 1:
      return to;
    default:
      return from + std::min<std::int64_t>(below(1000), to - from);
  }
}

bool coin() {
  return *rc::gen::arbitrary<bool>();
}

double number() {
  const double value = *rc::gen::element(0.0,
                                         -1.0,
                                         1.0 / 3,
                                         4.75,
                                         1e21,
                                         5e-324,
                                         9007199254740993.0,
                                         std::numeric_limits<double>::max(),
                                         std::numeric_limits<double>::lowest());
  return value * (coin() ? 1 : 0.7);
}

std::string join(int least, int most, const std::vector<std::string>& pieces) {
  std::string text;
  for (int i = least + below(most - least + 1); i > 0; --i) {
    text += *rc::gen::elementOf(pieces);
  }
  return text;
}

std::string random_name() {
  return join(
      1, 12, {"a", "Z", "_", "0", " ", "\"", "\\", "/", "ä", "网", "\xF0\x9F\x98\x80", "//"});
}

std::string random_text() {
  return random_name() + join(0, 6, {"\n", "\t", "\x01", "\x1b[31m", "\x7f", "\u0085", "/*"});
}

std::string random_file() {
  return "f" + join(0, 63, {"a", "Z", "0", ".", "_", "-"});
}

std::string random_hex(int digits) {
  return join(digits, digits, {"0", "1", "9", "a", "c", "f"});
}

NamedNumbers random_numbers() {
  NamedNumbers numbers;
  for (int i = below(6); i > 0; --i) {
    numbers[random_name()] = number();
  }
  return numbers;
}

Assignment random_assignment() {
  Assignment assignment;
  for (int i = below(6); i > 0; --i) {
    const Value value = *rc::gen::element(Value(coin()), Value(number()), Value(random_text()));
    assignment[random_name()] = value;
  }
  return assignment;
}

std::vector<std::string> random_paths() {
  std::vector<std::string> paths;
  for (int i = below(4); i > 0; --i) {
    paths.push_back(random_text());
  }
  return paths;
}

AttemptName random_attempt() {
  return {.run = random_hex(32), .number = whole(1, kMaxAttempt)};
}

StartCommand random_start() {
  const AttemptName attempt = random_attempt();
  return {.attempt = attempt,
          .key = attempt.run + random_hex(32),
          .parameters = random_assignment(),
          .seed = static_cast<std::uint64_t>(whole(0, (std::int64_t{1} << 53) - 1)),
          .dataset = random_text(),
          .folder = random_text(),
          .resume_from = random_paths(),
          .continue_from = random_paths(),
          .checkpoint_every_s = static_cast<double>(whole(0, 3600)) * 0.7,
          .device = random_name(),
          .threads = static_cast<int>(whole(1, 4096)),
          .metric = {.name = random_name(), .goal = coin() ? Goal::kMinimize : Goal::kMaximize}};
}

EpochRecord random_epoch() {
  return {.epoch = whole(1, kMaxEpoch),
          .metrics = random_numbers(),
          .timings = random_numbers(),
          .weights_hash = coin() ? random_hex(64) : ""};
}

CheckpointRecord random_checkpoint() {
  return {.file = random_file(),
          .step = whole(0, (std::int64_t{1} << 53) - 1),
          .epoch = whole(0, kMaxEpoch),
          .bytes = coin() ? std::optional(whole(0, 1'000'000'000'000)) : std::nullopt,
          .xxh3 = coin() ? random_hex(16) : ""};
}

FinishedRecord random_end() {
  return {.outcome = *rc::gen::element(Outcome::kCompleted, Outcome::kDiverged, Outcome::kPruned),
          .best_epoch = coin() ? std::optional(whole(1, kMaxEpoch)) : std::nullopt,
          .metrics = random_numbers()};
}

FailedRecord random_failure() {
  const auto rows = fault_rows();
  return {.fault = rows[static_cast<std::size_t>(below(static_cast<int>(rows.size())))].fault,
          .message = coin() ? random_text() : ""};
}

RecordBody random_body() {
  switch (below(9)) {
    case 0:
      return HelloRecord{random_assignment()};
    case 1:
      return StartedRecord{};
    case 2:
      return ProgressRecord{.phase = random_name(), .step = whole(0, 1'000'000'000'000)};
    case 3:
      return random_epoch();
    case 4:
      return random_checkpoint();
    case 5:
      return random_end();
    case 6:
      return StoppedRecord{coin() ? random_file() : ""};
    case 7:
      return PreemptedRecord{random_name()};
    default:
      return random_failure();
  }
}

}  // namespace

Command random_command() {
  switch (below(6)) {
    case 0:
      return StopCommand{random_attempt()};
    case 1:
      return CheckpointCommand{random_attempt()};
    case 2:
      return ShutdownCommand{};
    default:
      return random_start();
  }
}

Record random_record() {
  return {.attempt = random_attempt(), .body = random_body()};
}

}  // namespace glimpse::experiments
