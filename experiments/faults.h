#pragma once

// The one table of what can go wrong with an attempt, and the exit codes of every program of ours.
// Agent, worker, command line, documentation and tests read it; nothing else may name a code.

#include <optional>
#include <span>
#include <string_view>

namespace glimpse::experiments {

enum class FaultClass {
  kOom,
  kHostOom,
  kCuda,
  kNccl,
  kTimeout,
  kHung,
  kDiskFull,
  kSignal,
  kExitCode,
  kProtocol,
  kBadConfig,
  kBadData
};

enum class RetryRule {
  kUpToLimit,    // until `retry.max` failures in a row brought no new checkpoint
  kElsewhere,    // the same, but on another node while there is one
  kUnlessAlone,  // only if other trials shared the device
  kNever
};

// Most follow sysexits.h; the rest are our own.
enum class ExitCode : int {
  kDone = 0,
  kFailure = 1,
  kUsage = 2,
  kTrialsFailed = 3,
  kWorse = 4,
  kInconclusive = 5,
  kPeerLost = 7,
  kBadData = 65,
  kMissingInput = 66,
  kUnavailable = 69,
  kOom = 70,
  kHostOom = 71,
  kCannotCreate = 73,
  kIoError = 74,
  kInterrupted = 75,
  kProtocol = 76,
  kBadConfig = 78,
  kSecondInterrupt = 130
};

struct FaultRow {
  FaultClass fault;
  std::string_view name;  // as records, tables and studies write it
  RetryRule retry;
  bool is_node_fault;                 // the node is left out afterwards, unless it is the last
  std::optional<ExitCode> exit_code;  // nothing: the agent finds it, no program ends with it
  std::string_view doc;
};

std::span<const FaultRow> fault_rows();
const FaultRow& fault_row(FaultClass fault);
// Null for a name that is no class.
const FaultRow* find_fault(std::string_view name);

struct ExitCodeRow {
  ExitCode code;
  std::string_view name;
  std::string_view doc;
};

std::span<const ExitCodeRow> exit_code_rows();

// What an exit status (a signal n counts as 128 + n) says of an attempt that left no record of its
// end. Nothing for 0 and for 75: such an attempt did not fail.
std::optional<FaultClass> fault_of_exit(int status);

}  // namespace glimpse::experiments
