#pragma once

// A results folder with everything that an export meets: runs of all states and outcomes, one that
// was resumed, crops, metrics that were no numbers, and names that would be paths or formulas.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "experiments/value.h"
#include "storage/files/run_folder.h"
#include "storage/sqlite/results_store.h"

namespace glimpse::tests {

inline constexpr std::int64_t kExportStartMs = 1'700'000'000'000;  // 2023-11-14T22:13:20Z

// A study that is filled run by run. Attempts start a minute and epochs end a second after each
// other.
class ExportResults {
 public:
  // `text` is the study's, `metric` what it says.
  ExportResults(const std::filesystem::path& folder,
                const std::string& study,
                const std::string& text,
                const std::string& metric,
                bool is_maximized = false);
  ~ExportResults();
  ExportResults(const ExportResults&) = delete;
  ExportResults& operator=(const ExportResults&) = delete;
  ExportResults(ExportResults&&) = delete;
  ExportResults& operator=(ExportResults&&) = delete;

  // Once: each configuration with the seeds 1 to `seeds`. From then on a run is meant by its place
  // in that order.
  void plan(const std::vector<experiments::Assignment>& configurations, int seeds);

  using Metrics = std::vector<storage::NamedValue>;
  void start(std::size_t run);
  void end_epoch(std::size_t run, const Metrics& metrics);
  void finish(std::size_t run, storage::Outcome outcome = storage::Outcome::kCompleted);
  void preempt(std::size_t run);
  void fail(std::size_t run);
  // Of the newest attempt; gives its file.
  std::filesystem::path leave_crops(std::size_t run);

  [[nodiscard]] std::string run_id(std::size_t run) const;
  [[nodiscard]] storage::ResultsStore& store() { return *store_; }
  [[nodiscard]] const storage::ResultsFolder& folder() const { return folder_; }

 private:
  struct Run {
    storage::TrialId trial = 0;
    storage::StartedAttempt attempt = {};
    std::int64_t records = 0;
    std::int64_t epochs = 0;
  };
  void record(Run& run, const storage::Record& record);

  storage::ResultsFolder folder_;
  std::unique_ptr<storage::ResultsStore> store_;
  storage::StudyEntry study_;
  std::vector<Run> runs_;
  std::int64_t now_ms_ = kExportStartMs;
};

// The study "sweep", of five configurations with two seeds each; run 3 is the best one.
void make_sweep(const std::filesystem::path& folder);

}  // namespace glimpse::tests
