#include "worker/trained_trial.h"

#include <stdexcept>
#include <string>

#include "storage/files/file_io.h"
#include "storage/safetensors/checkpoint.h"
#include "storage/storage_error.h"
#include "worker/trial_identity.h"

namespace glimpse::worker {
namespace {

namespace fs = std::filesystem;

using experiments::TrialFile;
using storage::StorageError;
using storage::StorageFault;

[[noreturn]] void refuse(const fs::path& checkpoint, const std::string& why) {
  throw StorageError(
      StorageFault::kForeign, checkpoint, "open checkpoint " + checkpoint.string() + ": " + why);
}

fs::path find_trial(const TrainedTrialOptions& options) {
  if (options.trial) {
    return *options.trial;
  }
  fs::path file = fs::absolute(options.checkpoint).parent_path().parent_path() / "trial.json";
  if (!fs::exists(file)) {
    throw StorageError(StorageFault::kMissing,
                       file,
                       "find the trial of " + options.checkpoint.string() + ": no " +
                           file.string() + " (name the file with --trial)");
  }
  return file;
}

TrialFile load_trial(const fs::path& file, const storage::DatasetInfo& dataset) {
  const std::string text = storage::load_text(file, experiments::kMaxTrialBytes);
  return identify_trial(experiments::parse_training(text, file.string()), dataset.identity, file);
}

// As much of one as an engine is made of.
experiments::StartCommand make_start(const TrialFile& trial, const TrainedTrialOptions& options) {
  experiments::StartCommand start;
  start.key = trial.key;
  start.parameters = trial.parameters;
  start.seed = trial.seed;
  start.device = options.device;
  start.threads = options.threads;
  return start;
}

// What does not fit the trial is the checkpoint's fault by now: their keys are the same.
void restore(const storage::Checkpoint& checkpoint, Weights weights, TrainedTrial& into) {
  try {
    into.position = parse_counters(checkpoint.facts.counters);
    into.engine->restore(checkpoint.file);
    into.engine->use(weights);
    into.engine->use(Weights::kCurrent);
  } catch (const std::invalid_argument& error) {
    refuse(checkpoint.file.path(),
           error.what() + std::string(weights == Weights::kBest ? " (try --last)" : ""));
  }
}

}  // namespace

TrainedTrial open_trained_trial(const TrainedTrialOptions& options, const EngineFactory& engines) {
  const storage::Checkpoint checkpoint = storage::open_checkpoint(options.checkpoint);
  const fs::path trial_file = find_trial(options);
  TrainedTrial opened;
  opened.shelf.open(options.dataset);
  opened.trial = load_trial(trial_file, opened.shelf.info());
  if (opened.trial.key != checkpoint.facts.key) {
    refuse(options.checkpoint,
           "it belongs to trial " + checkpoint.facts.key + ", but " + trial_file.string() +
               " with dataset " + options.dataset.string() + " is trial " + opened.trial.key);
  }
  opened.engine = engines.make(make_start(opened.trial, options), opened.shelf);
  restore(checkpoint, options.weights, opened);
  return opened;
}

}  // namespace glimpse::worker
