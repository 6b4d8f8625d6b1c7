#include "experiments/faults.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace glimpse::experiments {
namespace {

// In the order of the enumeration: fault_row() takes the place for the name.
constexpr std::array<FaultRow, 12> kFaults{{
    {FaultClass::kOom,
     "oom",
     RetryRule::kUnlessAlone,
     false,
     ExitCode::kOom,
     "the device's memory did not suffice"},
    {FaultClass::kHostOom,
     "host_oom",
     RetryRule::kUpToLimit,
     false,
     ExitCode::kHostOom,
     "the machine's memory did not suffice"},
    {FaultClass::kCuda,
     "cuda",
     RetryRule::kElsewhere,
     true,
     ExitCode::kUnavailable,
     "the GPU is missing or failed"},
    {FaultClass::kNccl,
     "nccl",
     RetryRule::kElsewhere,
     true,
     ExitCode::kPeerLost,
     "a member of a data-parallel trial was lost or too late"},
    {FaultClass::kTimeout,
     "timeout",
     RetryRule::kUpToLimit,
     false,
     std::nullopt,
     "the trial took longer than limits.trial_time"},
    {FaultClass::kHung,
     "hung",
     RetryRule::kUpToLimit,
     false,
     std::nullopt,
     "no progress was reported for longer than limits.silence"},
    {FaultClass::kDiskFull,
     "disk_full",
     RetryRule::kElsewhere,
     true,
     ExitCode::kCannotCreate,
     "output could not be written"},
    {FaultClass::kSignal,
     "signal",
     RetryRule::kUpToLimit,
     false,
     std::nullopt,
     "a signal ended the process"},
    {FaultClass::kExitCode,
     "exit_code",
     RetryRule::kUpToLimit,
     false,
     std::nullopt,
     "the process ended with a code that has no class of its own"},
    {FaultClass::kProtocol,
     "protocol",
     RetryRule::kNever,
     false,
     ExitCode::kProtocol,
     "the process sent records that cannot be read"},
    {FaultClass::kBadConfig,
     "bad_config",
     RetryRule::kNever,
     false,
     ExitCode::kBadConfig,
     "the trial cannot be run as it is described"},
    {FaultClass::kBadData,
     "bad_data",
     RetryRule::kNever,
     false,
     ExitCode::kBadData,
     "the dataset or a checkpoint is missing, damaged or of a wrong format"},
}};

constexpr std::array<ExitCodeRow, 18> kExitCodes{{
    {ExitCode::kDone, "done", "all is done; a diverged trial is a result, not a failure"},
    {ExitCode::kFailure, "failure", "a failure without a better name: most likely a bug"},
    {ExitCode::kUsage, "usage", "the command line cannot be understood"},
    {ExitCode::kTrialsFailed, "trials_failed", "some trials failed, the study went on"},
    {ExitCode::kWorse, "worse", "check: a cell is worse than published; report --check: moved"},
    {ExitCode::kInconclusive, "inconclusive", "check: cells are inconclusive or incomplete"},
    {ExitCode::kPeerLost, "peer_lost", "a member of a data-parallel trial was lost"},
    {ExitCode::kBadData, "bad_data", "a file is damaged or of a wrong format"},
    {ExitCode::kMissingInput, "missing_input", "a file or dataset that is needed is not there"},
    {ExitCode::kUnavailable, "unavailable", "no usable GPU, or no MPI"},
    {ExitCode::kOom, "oom", "out of device memory"},
    {ExitCode::kHostOom, "host_oom", "out of memory"},
    {ExitCode::kCannotCreate, "cannot_create", "the disk is full or output cannot be created"},
    {ExitCode::kIoError, "io_error", "reading or writing failed"},
    {ExitCode::kInterrupted, "interrupted", "interrupted; the same command goes on from here"},
    {ExitCode::kProtocol, "protocol", "records that cannot be read"},
    {ExitCode::kBadConfig,
     "bad_config",
     "bad study, wrong launch, or a folder another coordinator holds"},
    {ExitCode::kSecondInterrupt, "second_interrupt", "interrupted twice, left at once"},
}};

}  // namespace

std::span<const FaultRow> fault_rows() {
  return kFaults;
}

const FaultRow& fault_row(FaultClass fault) {
  return kFaults.at(static_cast<std::size_t>(fault));
}

const FaultRow* find_fault(std::string_view name) {
  const auto* const found = std::find_if(
      kFaults.begin(), kFaults.end(), [&](const FaultRow& row) { return row.name == name; });
  return found == kFaults.end() ? nullptr : found;
}

std::span<const ExitCodeRow> exit_code_rows() {
  return kExitCodes;
}

// Two codes have a class of their own only through a neighbour: a missing input is bad data, and a
// failed write is most often a full disk.
std::optional<FaultClass> fault_of_exit(int status) {
  switch (static_cast<ExitCode>(status)) {
    case ExitCode::kDone:
    case ExitCode::kInterrupted:
      return std::nullopt;
    case ExitCode::kMissingInput:
      return FaultClass::kBadData;
    case ExitCode::kIoError:
      return FaultClass::kDiskFull;
    default:
      break;
  }
  for (const FaultRow& row : kFaults) {
    if (row.exit_code && static_cast<int>(*row.exit_code) == status) {
      return row.fault;
    }
  }
  return status > 128 ? FaultClass::kSignal : FaultClass::kExitCode;
}

}  // namespace glimpse::experiments
