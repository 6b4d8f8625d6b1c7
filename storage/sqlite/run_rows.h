#pragma once

// All that the database says of one run and that its files say too, read in one state of the
// database. Works on a read-only connection. Same thread as its Database.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/sqlite/rows.h"

namespace glimpse::storage {

class Database;

// By epoch and name; nothing stands for a value that was not finite.
using ValueRows = std::map<std::pair<std::int64_t, std::string>, std::optional<double>>;

struct EpochRow {
  std::int64_t t_ms = 0;
  std::string weights_hash = {};
  bool operator==(const EpochRow&) const = default;
};

struct ArtifactRow {
  std::optional<std::int64_t> bytes = {};
  std::string xxh3 = {};
  std::optional<std::int64_t> step = {};
  std::optional<std::int64_t> epoch = {};
  bool operator==(const ArtifactRow&) const = default;
};

struct AttemptRows {
  std::int64_t number = 0;
  std::string state = {};
  std::string fault_class = {};
  std::string message = {};
  std::string environment_hash = {};
  std::string environment_json = {};
  std::int64_t started_ms = 0;
  std::optional<std::int64_t> ended_ms = {};
  std::int64_t records_taken = 0;
  std::int64_t checkpoints = 0;
  std::map<std::int64_t, EpochRow> epochs = {};
  ValueRows timings = {};
  std::map<std::string, ArtifactRow> artifacts = {};  // removed ones too
};

struct ObjectiveRow {
  std::string metric = {};
  bool is_maximized = false;
};

struct RunRows {
  std::string key = {};
  std::string kind = {};
  std::string code = {};
  std::string dataset = {};
  std::string arm = {};
  std::string parameters_json = {};
  std::int64_t seed = 0;
  std::int64_t world_size = 1;
  std::string state = {};
  std::string outcome = {};
  std::optional<double> objective = {};
  std::optional<std::int64_t> best_epoch = {};
  std::vector<ObjectiveRow> objectives = {};  // of its studies, the first one's first
  ValueRows metrics = {};
  std::vector<AttemptRows> attempts = {};  // by number
};

// In the order of their ids.
std::vector<std::string> list_run_ids(Database& database);
// Nothing for a run that the database does not know.
std::optional<RunRows> load_run_rows(Database& database, std::string_view run_id);

}  // namespace glimpse::storage
