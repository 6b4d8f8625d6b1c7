#include "worker/train_alone.h"

#include <algorithm>
#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

#include "experiments/json/record_json.h"
#include "experiments/json/trial_json.h"
#include "storage/files/atomic_file.h"
#include "storage/files/file_io.h"
#include "storage/files/journal.h"
#include "storage/files/run_folder.h"
#include "storage/storage_error.h"
#include "worker/dataset_shelf.h"
#include "worker/exit_code.h"
#include "worker/progress_line.h"
#include "worker/recipe.h"
#include "worker/trial_identity.h"

namespace glimpse::worker {
namespace {

namespace fs = std::filesystem;

using experiments::ExitCode;
using experiments::StartCommand;
using experiments::TrialFile;
using storage::StorageError;
using storage::StorageFault;

// One folder holds one trial, so that no run goes on from another's checkpoint.
void settle_in(const fs::path& out, const TrialFile& trial) {
  storage::make_folders(out);
  const fs::path file = out / "trial.json";
  if (!fs::exists(file)) {
    storage::write_file_atomically(file, experiments::render_trial(trial));
    return;
  }
  const TrialFile there = experiments::parse_training(
      storage::load_text(file, experiments::kMaxTrialBytes), file.string());
  if (there.key != trial.key) {
    throw StorageError(StorageFault::kRefused,
                       out,
                       "train into " + out.string() + ": another trial lies there, " + there.key +
                           " (give --out a folder of its own)");
  }
}

StartCommand make_start(const TrainAloneOptions& options, const TrialFile& trial) {
  std::vector<std::uint64_t> older = storage::list_attempts(options.out);
  std::ranges::reverse(older);  // newest first
  StartCommand start{
      .attempt = {.run = trial.key.substr(0, 32),
                  .number = older.empty() ? 1 : static_cast<std::int64_t>(older.front()) + 1},
      .key = trial.key,
      .parameters = trial.parameters,
      .seed = trial.seed,
      .dataset = options.dataset.string(),
      .checkpoint_every_s = options.checkpoint_every_s,
      .device = options.device,
      .threads = options.threads};
  for (const std::uint64_t number : older) {
    start.resume_from.push_back(storage::attempt_folder(options.out, number).path.string());
  }
  const auto number = static_cast<std::uint64_t>(start.attempt.number);
  start.folder = storage::attempt_folder(options.out, number).path.string();
  storage::make_folders(start.folder);
  return start;
}

int exit_code_of(const experiments::RecordBody& last) {
  if (const auto* const failed = std::get_if<experiments::FailedRecord>(&last)) {
    return static_cast<int>(worker::exit_code_of(failed->fault));
  }
  return static_cast<int>(std::holds_alternative<experiments::StoppedRecord>(last)
                              ? ExitCode::kInterrupted
                              : ExitCode::kDone);
}

}  // namespace

int train_alone(const TrainAloneOptions& options,
                const experiments::Assignment& environment,
                const EngineFactory& engines,
                const AlonePorts& ports) {
  DatasetShelf shelf;
  shelf.open(options.dataset);
  const std::string text = storage::load_text(options.trial, experiments::kMaxTrialBytes);
  const TrialFile trial = identify_trial(experiments::parse_training(text, options.trial.string()),
                                         shelf.info().identity,
                                         options.trial);
  settle_in(options.out, trial);
  const StartCommand start = make_start(options, trial);
  storage::JournalWriter journal(fs::path(start.folder) / "journal.jsonl");
  std::mutex mutex;
  const int epochs = make_recipe(trial.parameters).epochs;
  const auto emit = [&](const experiments::Record& record) {
    const std::lock_guard lock(mutex);
    journal.append(ports.clock_ms(), experiments::render_record(record));
    if (const auto* const epoch = std::get_if<experiments::EpochRecord>(&record.body)) {
      ports.tell(render_epoch(*epoch, epochs));
    }
  };
  const auto poll = [&] { return ports.has_stop_come() ? Request::kStop : Request::kGoOn; };
  const experiments::RecordBody last =
      execute(start, environment, engines, shelf, {ports.now_s, poll, emit, ports.tell});
  ports.tell(render_end(last));
  return exit_code_of(last);
}

}  // namespace glimpse::worker
