#pragma once

// What a program that fails because of a file or a device ends with.

#include "experiments/faults.h"
#include "storage/storage_error.h"

namespace glimpse::worker {

constexpr experiments::ExitCode exit_code_of(storage::StorageFault fault) {
  switch (fault) {
    case storage::StorageFault::kMissing:
      return experiments::ExitCode::kMissingInput;
    case storage::StorageFault::kDamaged:
    case storage::StorageFault::kForeign:
    case storage::StorageFault::kRefused:
      return experiments::ExitCode::kBadData;
    case storage::StorageFault::kDiskFull:
    case storage::StorageFault::kCannotCreate:
      return experiments::ExitCode::kCannotCreate;
    case storage::StorageFault::kBusy:
      return experiments::ExitCode::kBadConfig;
    case storage::StorageFault::kIo:
      break;
  }
  return experiments::ExitCode::kIoError;
}

inline experiments::ExitCode exit_code_of(experiments::FaultClass fault) {
  return experiments::fault_row(fault).exit_code.value_or(experiments::ExitCode::kFailure);
}

}  // namespace glimpse::worker
