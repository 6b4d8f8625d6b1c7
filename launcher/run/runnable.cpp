#include "launcher/run/runnable.h"

#include "launcher/usage_error.h"
#include "storage/storage_error.h"

namespace glimpse::launcher {
namespace {

namespace fs = std::filesystem;

using experiments::Study;
using experiments::StudyKind;
using storage::StorageError;
using storage::StorageFault;

void check_members(const Study& study) {
  const experiments::Resources& resources = study.resources;
  if (study.kind == StudyKind::kTrain && (resources.members > 1 || resources.gpus > 1)) {
    throw UsageError("run " + study.name +
                     ": this version trains each trial in one process on cores or on one GPU (give "
                     "resources.members=1 resources.gpus=1)");
  }
}

void check_worker(const Study& study, const Env& env) {
  const fs::path program = worker_program(study, env);
  if (study.kind == StudyKind::kTrain && !fs::exists(program)) {
    throw StorageError(StorageFault::kMissing,
                       program,
                       "run: " + program.string() + " is missing (this build has no " +
                           (uses_gpus(study) ? "CUDA" : "LibTorch") + "; see 'glimpse doctor')");
  }
}

}  // namespace

bool uses_gpus(const Study& study) {
  return study.resources.gpus > 0;
}

fs::path worker_program(const Study& study, const Env& env) {
  return env.program_dir / (uses_gpus(study) ? "glimpse-worker-cuda" : "glimpse-worker");
}

void check_runnable(const Study& study, const Env& env) {
  check_members(study);
  check_worker(study, env);
}

}  // namespace glimpse::launcher
