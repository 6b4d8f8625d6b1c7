#pragma once

// One attempt, from the command that starts it to its last record. Nothing is thrown for what goes
// wrong with the attempt: that is a record too. The first and only place of a worker where an
// error becomes a class.

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "experiments/faults.h"
#include "experiments/record.h"
#include "worker/dataset_shelf.h"
#include "worker/engine.h"
#include "worker/trainer.h"

namespace glimpse::worker {

// What the attempt is computed with; chosen by main.
struct EngineFactory {
  // The dataset lives as long as the engine.
  std::function<std::unique_ptr<Engine>(const experiments::StartCommand&, const DatasetShelf&)>
      make;
  // The class of what the engine's library throws; nothing for what is not its own.
  std::function<std::optional<experiments::FaultClass>(const std::exception&)> classify;
};

struct ExecutePorts {
  std::function<double()> now_s;
  std::function<Request()> poll;
  // From two threads: checkpoints are reported by the one that writes them.
  std::function<void(const experiments::Record&)> emit;
  // A line for people, of what no record has a word for.
  std::function<void(const std::string& line)> tell;
};

// The record that ended the attempt: finished, stopped or failed.
experiments::RecordBody execute(const experiments::StartCommand& start,
                                const experiments::Assignment& environment,
                                const EngineFactory& engines,
                                DatasetShelf& shelf,
                                const ExecutePorts& ports);

}  // namespace glimpse::worker
