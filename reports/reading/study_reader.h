#pragma once

// What exports tell of a study, read through the database's public views. The runs are held, their
// curves are not: they pass by, one point at a time. Texts come as valid UTF-8, whatever the
// database holds. For the thread of its Query.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/value.h"
#include "storage/sqlite/query.h"

namespace glimpse::reports {

struct RunFacts {
  std::string run_id = {};  // 32 hex digits, always
  std::int64_t position = 0;
  std::int64_t stage = 1;
  std::int64_t configuration = 0;
  std::int64_t seed = 0;
  std::string arm = {};
  experiments::Assignment parameters = {};
  std::string state = {};    // as in v_trials
  std::string outcome = {};  // likewise; empty where there is none
  // Best value of the study's metric; of no diverged run. v_trials has that of the study which
  // planned the run first, whose metric may be another one.
  std::optional<double> objective = {};
  std::optional<std::int64_t> best_epoch = {};
  std::int64_t attempts = 0;
  std::string started = {};  // ISO 8601 in UTC; empty where it has not
  std::optional<std::int64_t> started_ms = {};
  std::string ended = {};  // likewise
  std::optional<std::int64_t> ended_ms = {};
  std::int64_t finished_attempt = 0;  // the one whose crops are the run's; 0: none has finished

  [[nodiscard]] bool is_completed() const { return state == "done" && outcome == "completed"; }
};

struct StudyFacts {
  std::string name = {};
  std::string text_hash = {};
  std::string metric = {};
  bool is_maximized = false;
  std::vector<RunFacts> runs = {};  // in the order of the plan
};

// Only the `count` completed runs with the best objectives stay, in the order of the plan; of equal
// ones those that the plan has first.
void keep_best(StudyFacts& study, std::size_t count);

struct MetricPoint {
  std::int64_t epoch = 0;
  std::string name = {};
  std::optional<double> value = {};          // nothing for NaN and infinity
  std::optional<std::int64_t> time_ms = {};  // when the epoch was first recorded
};
using UsePoint = std::function<void(const MetricPoint&)>;

class StudyReader {
 public:
  explicit StudyReader(storage::Query& results) : results_(results) {}

  // Throws StorageError (kMissing) for a study that is not there.
  [[nodiscard]] StudyFacts read_study(const std::string& name) const;
  // By epoch, then by name.
  void read_metrics(const RunFacts& run, const UsePoint& use) const;
  void read_metric(const RunFacts& run, const std::string& name, const UsePoint& use) const;

 private:
  [[nodiscard]] StudyFacts read_heading(const std::string& name) const;
  void read_runs(const std::string& name, StudyFacts& study) const;
  void read_parameters(const std::string& name, StudyFacts& study) const;

  storage::Query& results_;
};

}  // namespace glimpse::reports
