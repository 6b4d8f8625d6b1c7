#pragma once

// Writes checkpoints into one attempt's folder on a thread of its own, from copies, so that the
// training goes on meanwhile. Keeps the two newest; the best weights are in every one of them. All
// functions are for the thread that made it.

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "storage/safetensors/checkpoint_name.h"
#include "worker/engine.h"
#include "worker/position.h"

namespace glimpse::worker {

struct WrittenCheckpoint {
  std::string file;  // name in the attempt's folder
  std::uint64_t step = 0;
  int epoch = 0;  // completed ones
  std::uint64_t bytes = 0;
};

class CheckpointWriter {
 public:
  struct Place {
    std::filesystem::path folder;
    std::string key;  // of the trial
    std::uint64_t attempt = 1;
  };
  // `report` is called on the writer's thread once a checkpoint is durable.
  CheckpointWriter(Place place, std::function<void(const WrittenCheckpoint&)> report);
  // Waits for the one that is being written; its failure is then lost, so call finish() first.
  ~CheckpointWriter();
  CheckpointWriter(const CheckpointWriter&) = delete;
  CheckpointWriter& operator=(const CheckpointWriter&) = delete;
  CheckpointWriter(CheckpointWriter&&) = delete;
  CheckpointWriter& operator=(CheckpointWriter&&) = delete;

  // Waits while an earlier one is being written, and throws what went wrong with it.
  void submit(const Position& position, std::vector<SavedTensor> tensors);
  // Waits until all are durable, or throws; the newest file's name, if there is one.
  std::optional<std::string> finish();

 private:
  struct Job {
    Position position;
    std::vector<SavedTensor> tensors;
  };
  void work(const std::stop_token& stop);
  void write(const Job& job);
  void remove_old(const storage::CheckpointName& newest) const;
  // With the lock held.
  void wait_until_idle(std::unique_lock<std::mutex>& lock);

  Place place_;
  std::function<void(const WrittenCheckpoint&)> report_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::optional<Job> job_;  // until it is durable
  std::exception_ptr failure_;
  std::optional<std::string> newest_;
  std::jthread thread_;  // last, so that it starts with everything else in place
};

}  // namespace glimpse::worker
