#pragma once

// The one door by which records of attempts enter the database, live ones and those of journals
// read at start-up alike. Every record of an attempt has a number from 1 on; the database keeps the
// last one it took, so a record may be given again any number of times. Same thread as its
// Database.

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "storage/sqlite/rows.h"

namespace glimpse::storage {

class Database;

struct NamedValue {
  std::string name = {};
  double value = 0;
};

struct HelloRecord {
  std::string environment_hash = {};
  std::string environment_json = {};
};
struct StartedRecord {};
struct ProgressRecord {};  // takes a number, leaves nothing behind
struct EpochRecord {
  std::int64_t epoch = 0;  // completed epochs, from 1
  std::vector<NamedValue> metrics = {};
  std::vector<NamedValue> timings = {};
  std::string weights_hash = {};
};
struct CheckpointRecord {
  std::string file = {};  // name in the attempt's folder
  std::int64_t step = 0;
  std::int64_t epoch = 0;
  std::optional<std::int64_t> bytes = {};
  std::string xxh3 = {};
};
// Metrics are put at the best epoch, those named *_last at the last one. Without a best epoch it is
// the one with the best objective.
struct FinishedRecord {
  Outcome outcome = Outcome::kCompleted;
  std::optional<std::int64_t> best_epoch = {};
  std::vector<NamedValue> metrics = {};
};
struct StoppedRecord {};
struct PreemptedRecord {
  std::string message = {};
};
struct FailedRecord {
  std::string fault_class = {};
  std::string message = {};
};

using Record = std::variant<HelloRecord,
                            StartedRecord,
                            ProgressRecord,
                            EpochRecord,
                            CheckpointRecord,
                            FinishedRecord,
                            StoppedRecord,
                            PreemptedRecord,
                            FailedRecord>;

struct NumberedRecord {
  AttemptId attempt = 0;
  std::int64_t number = 0;
  std::int64_t t_ms = 0;
  Record record = {};
};

enum class IngestResult {
  kTaken,
  kRepeated,  // taken before; nothing was done
  kStale,     // the attempt is unknown, has ended or is not its trial's newest: refused
  kGap,       // a record before this one is missing: refused
  kInvalid,   // an epoch below 1, an overlong name, text that is not JSON: refused
};

class Ingest {
 public:
  explicit Ingest(Database& database) : database_(&database) {}

  // A refused record changes nothing and throws nothing: it is the attempt's fault, and the other
  // attempts of a batch are none of its business. Only the database's own errors are thrown.
  IngestResult ingest(AttemptId attempt,
                      std::int64_t number,
                      std::int64_t t_ms,
                      const Record& record);

  // One transaction, so one wait for the disk, for many records; results in the same order. When it
  // throws, nothing of the batch was taken.
  std::vector<IngestResult> ingest(std::span<const NumberedRecord> batch);

 private:
  // What does not change while an attempt runs.
  struct Attempt {
    TrialId trial = 0;
    std::int64_t objective_name = 0;
    bool is_maximized = false;
  };
  struct Position {
    AttemptId attempt = 0;
    std::int64_t number = 0;
    std::int64_t t_ms = 0;
    Attempt facts;
  };

  IngestResult ingest_in_transaction(AttemptId attempt,
                                     std::int64_t number,
                                     std::int64_t t_ms,
                                     const Record& record);
  IngestResult take(const Position& at, const Record& record);
  void forget_after_rollback();
  const Attempt& load_attempt(AttemptId attempt);
  std::int64_t name_id(const std::string& name);

  void store(const Position& at, const HelloRecord& record);
  void store(const Position& at, const StartedRecord& record);
  void store(const Position& at, const ProgressRecord& record);
  void store(const Position& at, const EpochRecord& record);
  void store(const Position& at, const CheckpointRecord& record);
  void store(const Position& at, const FinishedRecord& record);
  void store(const Position& at, const StoppedRecord& record);
  void store(const Position& at, const PreemptedRecord& record);
  void store(const Position& at, const FailedRecord& record);

  void store_metric(const Position& at, std::int64_t epoch, const NamedValue& metric);
  void report_other_value(const Position& at, std::int64_t epoch, const NamedValue& metric);
  void check_weights(const Position& at, const EpochRecord& record);
  void improve_objective(const Position& at, std::int64_t epoch, double value);
  std::int64_t last_epoch_of(TrialId trial);
  std::int64_t best_epoch_of(TrialId trial);
  void end(const Position& at,
           AttemptState state,
           const std::string& fault_class,
           const std::string& message);
  void end_attempt(const Position& at,
                   AttemptState state,
                   const std::string& fault_class,
                   const std::string& message);

  Database* database_;
  std::map<std::string, std::int64_t, std::less<>> names_;
  std::map<AttemptId, Attempt> attempts_;
  std::uint64_t rollbacks_seen_ = 0;
};

}  // namespace glimpse::storage
