#pragma once

// What the coordinator and its agents tell each other. message_codec.h turns messages into bytes
// and back for those transports that leave the process.

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "experiments/record.h"
#include "launcher/transport/job.h"

namespace glimpse::launcher {

// An agent's first word: what it has to give.
struct JoinMessage {
  std::string host = {};
  int slots = 1;
  std::uint64_t memory_bytes = 0;
  std::string description = {};  // of the slots, for people
  bool operator==(const JoinMessage&) const = default;
};
// A record as the attempt's journal has it, or the failure of an attempt whose journal could not
// take its end.
struct RecordMessage {
  experiments::Record record;
  std::int64_t number = 0;  // 0: in no journal
  std::int64_t t_ms = 0;
  bool operator==(const RecordMessage&) const = default;
};
// The agent's process was asked to stop, for the n-th time.
struct SignalMessage {
  int times = 1;
  bool operator==(const SignalMessage&) const = default;
};

struct StartMessage {
  Job job;
  bool operator==(const StartMessage&) const = default;
};
// The attempt saves a checkpoint and ends, or is ended at once.
struct StopMessage {
  experiments::AttemptName attempt;
  bool is_now = false;
  bool operator==(const StopMessage&) const = default;
};
// Nothing more will be asked: the agent ends its children and leaves.
struct LeaveMessage {
  bool operator==(const LeaveMessage&) const = default;
};

// Both ways, so that silence means something.
struct HeartbeatMessage {
  bool operator==(const HeartbeatMessage&) const = default;
};

using Message = std::variant<JoinMessage,
                             RecordMessage,
                             SignalMessage,
                             StartMessage,
                             StopMessage,
                             LeaveMessage,
                             HeartbeatMessage>;

}  // namespace glimpse::launcher
