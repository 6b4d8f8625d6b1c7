#pragma once

// What an agent and the process that trains an attempt tell each other, as plain data: commands go
// to the process, records come from it. json/record_json.h turns them into lines of JSON and back,
// and json/RECORDS.md tells them to people who write such a process themselves. Limits stand here
// because both sides keep them.

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "experiments/faults.h"
#include "experiments/study.h"
#include "experiments/value.h"

namespace glimpse::experiments {

// One command or record as a line of text, without its newline. Journals have the same limit.
inline constexpr std::size_t kMaxRecordBytes = std::size_t{64} * 1024;
inline constexpr std::size_t kMaxRecordNameBytes = 128;   // of metrics, timings, phases, devices
inline constexpr std::size_t kMaxRecordValues = 1000;     // of each object of named values
inline constexpr std::size_t kMaxRecordFolders = 100;     // of each list of older folders
inline constexpr std::size_t kMaxRecordPathBytes = 4096;  // what Linux takes as a path
inline constexpr std::size_t kMaxMessageBytes = 8192;
inline constexpr std::int64_t kMaxAttempt = 1'000'000'000;
inline constexpr std::int64_t kMaxEpoch = 1'000'000'000;

// One start of a trial. Every record and most commands name theirs, so that what a late message
// says is never put down to the attempt after it.
struct AttemptName {
  std::string run = {};     // 32 lower-case hex digits
  std::int64_t number = 1;  // from 1
  bool operator==(const AttemptName&) const = default;
};

struct StartCommand {
  AttemptName attempt = {};
  std::string key = {};                         // 64 lower-case hex digits that begin with the run
  Assignment parameters = {};                   // all that apply, defaults included
  std::uint64_t seed = 1;                       // at most 2^53 - 1
  std::string dataset = {};                     // path of the file
  std::string folder = {};                      // of this attempt; exists
  std::vector<std::string> resume_from = {};    // folders of older attempts, newest first
  std::vector<std::string> continue_from = {};  // the same of a shorter run to take up
  double checkpoint_every_s = 300;
  std::string device = "cpu";  // or "cuda:0"
  int threads = 1;
  Metric metric = {};  // what tells which epoch is the best
  bool operator==(const StartCommand&) const = default;
};
// Save a checkpoint and end the attempt.
struct StopCommand {
  AttemptName attempt = {};
  bool operator==(const StopCommand&) const = default;
};
// Save a checkpoint and go on.
struct CheckpointCommand {
  AttemptName attempt = {};
  bool operator==(const CheckpointCommand&) const = default;
};
// Leave; comes between attempts.
struct ShutdownCommand {
  bool operator==(const ShutdownCommand&) const = default;
};

using Command = std::variant<StartCommand, StopCommand, CheckpointCommand, ShutdownCommand>;

// A number that is not finite has no word in JSON: it is written as null and read back as NaN.
using NamedNumbers = std::map<std::string, double>;

enum class Outcome { kCompleted, kDiverged, kPruned };

// The first record of an attempt: what it runs on, as one flat object.
struct HelloRecord {
  Assignment environment = {};
  bool operator==(const HelloRecord&) const = default;
};
// Everything is loaded; the first batch follows.
struct StartedRecord {
  bool operator==(const StartedRecord&) const = default;
};
// A sign of life, at most one a second.
struct ProgressRecord {
  std::string phase = {};  // "load", "train", "evaluate"
  std::int64_t step = 0;
  bool operator==(const ProgressRecord&) const = default;
};
struct EpochRecord {
  std::int64_t epoch = 1;         // completed epochs, so from 1
  NamedNumbers metrics = {};      // the same whenever the trial is run again
  NamedNumbers timings = {};      // what is not: times, rates, memory
  std::string weights_hash = {};  // at most 64 lower-case hex digits; "" for none
  bool operator==(const EpochRecord&) const = default;
};
struct CheckpointRecord {
  std::string file = {};  // name in the attempt's folder
  std::int64_t step = 0;
  std::int64_t epoch = 0;
  std::optional<std::int64_t> bytes = {};
  std::string xxh3 = {};  // 16 lower-case hex digits; "" for none
  bool operator==(const CheckpointRecord&) const = default;
};
// The last record of an attempt is one of these. What a program does not say itself its agent
// writes.
struct FinishedRecord {
  Outcome outcome = Outcome::kCompleted;
  std::optional<std::int64_t> best_epoch = {};
  NamedNumbers metrics = {};  // of the best epoch; those named *_last of the last one
  bool operator==(const FinishedRecord&) const = default;
};
struct StoppedRecord {
  std::string file = {};  // the checkpoint to go on from; "" where there was nothing to save
  bool operator==(const StoppedRecord&) const = default;
};
// Ended by whoever takes the machine away, before it could stop. Only agents write it.
struct PreemptedRecord {
  std::string message = {};
  bool operator==(const PreemptedRecord&) const = default;
};
struct FailedRecord {
  FaultClass fault = FaultClass::kExitCode;
  std::string message = {};  // any bytes: what JSON cannot hold is replaced, what is long is cut
  bool operator==(const FailedRecord&) const = default;
};

using RecordBody = std::variant<HelloRecord,
                                StartedRecord,
                                ProgressRecord,
                                EpochRecord,
                                CheckpointRecord,
                                FinishedRecord,
                                StoppedRecord,
                                PreemptedRecord,
                                FailedRecord>;

struct Record {
  AttemptName attempt = {};
  RecordBody body = {};
  bool operator==(const Record&) const = default;
};

}  // namespace glimpse::experiments
