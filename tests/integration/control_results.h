#pragma once

// Results as a coordinator leaves them, made through its own code: trials with attempts, journals,
// logs and checkpoints.

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "storage/files/journal.h"
#include "storage/files/run_folder.h"
#include "storage/sqlite/results_store.h"

namespace glimpse::tests {

inline constexpr std::int64_t kNowMs = 1'700'000'000'000;

// Begins with the n-th letter from 'a' on.
[[nodiscard]] std::string sample_key(int trial);
[[nodiscard]] std::string sample_run(int trial);

class ControlResults {
 public:
  // A study "small" of so many trials, all pending.
  ControlResults(const std::filesystem::path& folder, int trials);
  ~ControlResults();
  ControlResults(const ControlResults&) = delete;
  ControlResults& operator=(const ControlResults&) = delete;
  ControlResults(ControlResults&&) = delete;
  ControlResults& operator=(ControlResults&&) = delete;

  // With a folder, a journal and this log.
  storage::StartedAttempt start(int trial, const std::string& log);
  // Also writes the checkpoint's file; gives its name.
  std::string save(int trial, const storage::StartedAttempt& attempt, int step, int epoch);
  void end_epoch(const storage::StartedAttempt& attempt, int epoch, double error);
  void finish(const storage::StartedAttempt& attempt);
  void stop(const storage::StartedAttempt& attempt);

  [[nodiscard]] std::filesystem::path attempt_folder(int trial, std::int64_t attempt) const;
  [[nodiscard]] storage::ResultsStore& store() { return store_; }
  [[nodiscard]] const storage::ResultsFolder& folder() const { return folder_; }

 private:
  void record(const storage::StartedAttempt& attempt, const storage::Record& record);

  storage::ResultsFolder folder_;
  storage::ResultsStore store_;
  std::map<storage::AttemptId, std::unique_ptr<storage::JournalWriter>> journals_;
};

}  // namespace glimpse::tests
