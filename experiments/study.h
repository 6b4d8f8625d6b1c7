#pragma once

// A study as plain data: what the JSON text of contract "study file" says, with defaults filled in.
// Reading and printing are in json/study_json.h; turning it into trials is in plan.h.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "experiments/dataset_spec.h"
#include "experiments/value.h"

namespace glimpse::experiments {

enum class StudyKind { kTrain, kCommand };
enum class ReportVia { kFd, kStdout };
enum class Method { kGrid, kList, kRandom };
enum class Goal { kMinimize, kMaximize };

struct Metric {
  std::string name = "valid_error";
  Goal goal = Goal::kMinimize;
  bool operator==(const Metric&) const = default;
};

enum class Distribution { kUniform, kLogUniform, kIntUniform, kNormal };

// min..max, or for kNormal mean and standard deviation.
struct Range {
  Distribution distribution = Distribution::kUniform;
  double low = 0;   // min, or mu
  double high = 0;  // max, or sigma
  bool operator==(const Range&) const = default;
};

using Space = std::variant<std::vector<Value>, Range>;  // "value" is a list of one

struct Parameter {
  std::string name;  // dotted for dataset values: "dataset.patches"
  Space space;
  bool operator==(const Parameter&) const = default;
};

struct Resources {
  int gpus = 0;
  int cores = 1;
  int members = 1;                        // processes of one data-parallel trial
  std::optional<int> trials_per_gpu = 1;  // nothing: found by measuring ("auto")
  std::uint64_t memory_bytes = 0;         // 0: not limited
  bool operator==(const Resources&) const = default;
};

struct LogPattern {
  std::string pattern;  // ECMAScript regular expression
  std::string fault;    // a class of faults.h
  bool operator==(const LogPattern&) const = default;
};

struct ResourceLimit {
  std::string name;  // as setrlimit names it, lower case: "as", "nofile", ...
  std::uint64_t value = 0;
  bool operator==(const ResourceLimit&) const = default;
};

struct StopIf {
  int first = 5;       // that many trials failing alike at the start end the study
  int of_last = 20;    // ... or of the last so many
  double share = 0.5;  // ... this share
  bool operator==(const StopIf&) const = default;
};

struct Limits {
  std::optional<double> trial_time_s;
  std::optional<double> silence_s;
  std::optional<double> wall_time_s;
  std::optional<double> device_hours;
  StopIf stop_if;
  std::vector<ResourceLimit> rlimits;
  std::vector<LogPattern> log_patterns;
  bool operator==(const Limits&) const = default;
};

// Stage one runs every candidate on the first `seeds` seeds; the best mean of `best` wins the cell.
struct Selection {
  std::string best = "valid_error";
  std::vector<std::string> over;
  int seeds = 1;
  bool operator==(const Selection&) const = default;
};

struct PublishedCell {
  Assignment cell;
  double value = 0;
  bool operator==(const PublishedCell&) const = default;
};

// below: {first, then the one it is below}; best: {the best one, then one among which it is best}.
struct Claim {
  enum class Kind { kBelow, kBest };
  Kind kind = Kind::kBelow;
  Assignment cell;
  Assignment other;
  bool operator==(const Claim&) const = default;
};

struct Table {
  std::string metric = "test_error";
  std::string rows;
  std::string columns;  // "" for a table of one column
  std::optional<Selection> select;
  std::vector<PublishedCell> published;
  double margin = 0.3;
  std::vector<Claim> claims;
  bool operator==(const Table&) const = default;
};

struct Study {
  std::string name;
  StudyKind kind = StudyKind::kTrain;
  std::vector<std::string> command;
  std::optional<std::vector<std::string>> code_files;  // nothing: every argument that is a file
  ReportVia report = ReportVia::kFd;
  std::optional<DatasetSpec> dataset;  // always there for kTrain
  Method method = Method::kGrid;
  std::vector<Assignment> points;          // for kList
  std::uint64_t seed = 1;                  // drives searchers
  std::vector<std::uint64_t> seeds = {1};  // replicates, shared by all cells
  std::string arm;
  Metric metric;
  std::vector<Parameter> parameters;  // sorted by name
  std::map<std::string, Condition> when;
  std::vector<Assignment> exclude;
  std::string continue_from;  // name or path of the study whose last checkpoints are taken up
  double checkpoint_every_s = 300;
  std::optional<std::int64_t> run_cap;  // configurations, not seeds
  Resources resources;
  int retry_max = 3;
  Limits limits;
  std::optional<Table> table;
  std::string notes;

  bool operator==(const Study&) const = default;
};

}  // namespace glimpse::experiments
