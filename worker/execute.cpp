#include "worker/execute.h"

#include <filesystem>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "storage/files/run_folder.h"
#include "storage/files/xxh3.h"
#include "storage/hdf5/crops_file.h"
#include "storage/safetensors/checkpoint.h"
#include "storage/storage_error.h"
#include "worker/checkpoint_writer.h"
#include "worker/crops.h"
#include "worker/position.h"
#include "worker/recipe.h"
#include "worker/train_error.h"

namespace glimpse::worker {
namespace {

namespace fs = std::filesystem;

using experiments::FaultClass;
using experiments::RecordBody;
using experiments::StartCommand;
using storage::StorageError;
using storage::StorageFault;

// Signs of life are for an agent that waits a minute for one.
constexpr double kProgressSeconds = 1;

experiments::NamedNumbers numbers(const NamedValues& values) {
  return {values.begin(), values.end()};
}

// What another node may do better is tried again; a file that is wrong stays so.
FaultClass fault_of(const StorageError& error) {
  switch (error.fault()) {
    case StorageFault::kDiskFull:
    case StorageFault::kCannotCreate:
      return FaultClass::kDiskFull;
    case StorageFault::kIo:
    case StorageFault::kBusy:
      return FaultClass::kExitCode;
    case StorageFault::kMissing:
    case StorageFault::kDamaged:
    case StorageFault::kForeign:
    case StorageFault::kRefused:
      break;
  }
  return FaultClass::kBadData;
}

bool is_out_of_memory(const std::exception& error) {
  return dynamic_cast<const std::bad_alloc*>(&error) != nullptr;
}

std::string message_of(const std::exception& error) {
  return is_out_of_memory(error)
             ? "the process may have no more memory (a smaller batch_size needs less)"
             : error.what();
}

FaultClass fault_of(const std::exception& error, const EngineFactory& engines) {
  if (const auto* const known = dynamic_cast<const TrainError*>(&error)) {
    return known->fault();
  }
  if (const auto* const stored = dynamic_cast<const StorageError*>(&error)) {
    return fault_of(*stored);
  }
  if (is_out_of_memory(error)) {
    return FaultClass::kHostOom;
  }
  if (dynamic_cast<const std::invalid_argument*>(&error) != nullptr) {
    return FaultClass::kBadConfig;
  }
  return engines.classify(error).value_or(FaultClass::kExitCode);
}

std::vector<fs::path> as_paths(const std::vector<std::string>& names) {
  return {names.begin(), names.end()};
}

using Tell = std::function<void(const std::string&)>;

std::optional<storage::Checkpoint> find_newest(const std::vector<std::string>& folders,
                                               const Tell& tell) {
  storage::CheckpointSearch search = storage::find_newest_checkpoint(as_paths(folders));
  for (const storage::UnusableCheckpoint& unusable : search.unusable) {
    tell("passed over: " + unusable.why);
  }
  return std::move(search.newest);
}

// What the attempt goes on from. A checkpoint of another trial is only for continue_from.
std::optional<storage::Checkpoint> find_checkpoint(const StartCommand& start, const Tell& tell) {
  auto own = find_newest(start.resume_from, tell);
  if (own && own->facts.key != start.key) {
    throw StorageError(StorageFault::kForeign,
                       own->file.path(),
                       "resume from " + own->file.path().string() +
                           ": it belongs to another trial, " + own->facts.key);
  }
  return own ? std::move(own) : find_newest(start.continue_from, tell);
}

struct Resumed {
  Position position;
  std::vector<EpochReport> reports;
};

Resumed restore(const storage::Checkpoint& checkpoint, Engine& engine) {
  try {
    Resumed resumed;
    resumed.position = parse_counters(checkpoint.facts.counters);
    resumed.reports = load_reports(checkpoint.file, resumed.position.epoch - 1);
    engine.restore(checkpoint.file);
    return resumed;
  } catch (const std::invalid_argument& error) {
    throw StorageError(StorageFault::kForeign,
                       checkpoint.file.path(),
                       "resume from " + checkpoint.file.path().string() + ": " + error.what());
  }
}

class Attempt {
 public:
  Attempt(const StartCommand& start, const ExecutePorts& ports) : start_(start), ports_(ports) {}

  void emit(RecordBody body) const { ports_.emit({start_.attempt, std::move(body)}); }

  void progress(std::string_view phase, std::uint64_t step) {
    const double now_s = ports_.now_s();
    if (now_s - told_s_ >= kProgressSeconds) {
      emit(experiments::ProgressRecord{std::string(phase), static_cast<std::int64_t>(step)});
      told_s_ = now_s;
    }
  }

  RecordBody train(const EngineFactory& engines, DatasetShelf& shelf) {
    progress("load", 0);
    shelf.open(start_.dataset);
    const std::unique_ptr<Engine> engine = engines.make(start_, shelf);
    Resumed resumed;
    if (const auto checkpoint = find_checkpoint(start_, ports_.tell)) {
      resumed = restore(*checkpoint, *engine);
      ports_.tell("goes on from " + checkpoint->file.path().string());
    }
    emit(experiments::StartedRecord{});
    CheckpointWriter writer({.folder = start_.folder,
                             .key = start_.key,
                             .attempt = static_cast<std::uint64_t>(start_.attempt.number)},
                            [this](const WrittenCheckpoint& written) { emit(record_of(written)); });
    Trainer trainer(trainer_options(shelf), *engine, trainer_ports(writer));
    const TrainingResult result = trainer.run(resumed.position, std::move(resumed.reports));
    RecordBody last = end(result, writer);
    if (result.ending == Ending::kCompleted) {
      leave_crops(*engine, shelf);
    }
    return last;
  }

 private:
  static experiments::CheckpointRecord record_of(const WrittenCheckpoint& written) {
    const auto name = storage::try_parse_checkpoint_name(written.file);
    return {.file = written.file,
            .step = static_cast<std::int64_t>(written.step),
            .epoch = written.epoch,
            .bytes = static_cast<std::int64_t>(written.bytes),
            .xxh3 = name ? storage::render_hash(name->hash) : ""};
  }

  [[nodiscard]] TrainerOptions trainer_options(const DatasetShelf& shelf) const {
    return {.recipe = make_recipe(start_.parameters),
            .seed = start_.seed,
            .train_images = shelf.splits()[0].count,
            .valid_images = shelf.splits()[1].count,
            .test_images = shelf.splits()[2].count,
            .checkpoint_every_s = start_.checkpoint_every_s};
  }

  TrainerPorts trainer_ports(CheckpointWriter& writer) {
    return {
        .now_s = ports_.now_s,
        .poll = ports_.poll,
        .progress = [this](Phase phase, std::uint64_t step) { progress(phase_name(phase), step); },
        .epoch_done =
            [this](const EpochReport& report) {
              emit(experiments::EpochRecord{
                  .epoch = report.epoch,
                  .metrics = numbers(report.metrics),
                  .timings = numbers(report.timings),
                  .weights_hash = storage::render_hash(report.weights_hash)});
            },
        .save =
            [&writer](const Position& position, std::vector<SavedTensor> tensors) {
              writer.submit(position, std::move(tensors));
            }};
  }

  // After the last checkpoint is durable: an attempt that ends before it has left them is followed
  // by one that makes them again.
  void leave_crops(Engine& engine, const DatasetShelf& shelf) {
    progress("crops", 0);
    storage::write_crops(
        storage::AttemptFolder{start_.folder}.crops(),
        make_crops(engine,
                   shelf,
                   {.key = start_.key, .seed = start_.seed, .parameters = start_.parameters}));
  }

  static RecordBody end(const TrainingResult& result, CheckpointWriter& writer) {
    const std::optional<std::string> file = writer.finish();
    if (result.ending == Ending::kStopped) {
      return experiments::StoppedRecord{file.value_or("")};
    }
    experiments::FinishedRecord record{.outcome = result.ending == Ending::kDiverged
                                                      ? experiments::Outcome::kDiverged
                                                      : experiments::Outcome::kCompleted,
                                       .best_epoch = {},
                                       .metrics = numbers(result.metrics)};
    if (result.best_epoch > 0) {
      record.best_epoch = result.best_epoch;
    }
    return record;
  }

  const StartCommand& start_;
  const ExecutePorts& ports_;
  double told_s_ = -kProgressSeconds;
};

}  // namespace

RecordBody execute(const StartCommand& start,
                   const experiments::Assignment& environment,
                   const EngineFactory& engines,
                   DatasetShelf& shelf,
                   const ExecutePorts& ports) {
  Attempt attempt(start, ports);
  attempt.emit(experiments::HelloRecord{environment});
  RecordBody last;
  try {
    last = attempt.train(engines, shelf);
  } catch (const std::exception& error) {
    last = experiments::FailedRecord{fault_of(error, engines), message_of(error)};
  }
  attempt.emit(last);
  return last;
}

}  // namespace glimpse::worker
