// How many durable metric rows per second go through Ingest, and what SQLite itself would take for
// the same rows from statements prepared by hand: the limit that Ingest is held against.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <string>
#include <vector>

#include <sqlite3.h>

#include "storage/sqlite/results_store.h"
#include "tests/storage/sqlite/samples.h"
#include "tests/support/temp_dir.h"

namespace {

using namespace glimpse;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kSlots = 64;       // trials under way at once
constexpr std::int64_t kEpochs = 300;    // per trial
constexpr std::int64_t kGroup = 16;      // epochs of each slot that wait together for one commit
constexpr std::size_t kMetrics = 6;      // per epoch
constexpr std::int64_t kPart = 100'000;  // rows between two lines of the report

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

storage::EpochRecord make_record(std::int64_t epoch) {
  storage::EpochRecord record{.epoch = epoch, .weights_hash = "0123456789abcdef"};
  const char* const metrics[kMetrics] = {"train_loss",
                                         "train_error",
                                         "valid_error",
                                         "valid_sequence_error",
                                         "valid_loss",
                                         "gradient_norm"};
  for (const char* name : metrics) {
    record.metrics.push_back({name, 1.0 / (1.0 + static_cast<double>(epoch + name[0]))});
  }
  record.timings = {{"seconds_train", 1.5}, {"images_per_s", 400}, {"peak_memory", 1e9}};
  return record;
}

class Meter {
 public:
  void add(std::int64_t rows) {
    rows_ += rows;
    if (rows_ >= next_) {
      std::printf("  %9lld rows  %8.0f rows/s in this part\n",
                  static_cast<long long>(rows_),
                  static_cast<double>(rows_ - part_rows_) / seconds_since(part_));
      part_ = Clock::now();
      part_rows_ = rows_;
      next_ = rows_ + kPart;
    }
  }
  [[nodiscard]] double finish() const {
    const double cpu_seconds = static_cast<double>(std::clock() - cpu_) / CLOCKS_PER_SEC;
    std::printf("  %.0f rows per second of CPU\n", static_cast<double>(rows_) / cpu_seconds);
    return static_cast<double>(rows_) / seconds_since(start_);
  }
  [[nodiscard]] std::int64_t rows() const { return rows_; }

 private:
  Clock::time_point start_ = Clock::now();
  Clock::time_point part_ = start_;
  std::clock_t cpu_ = std::clock();
  std::int64_t rows_ = 0;
  std::int64_t part_rows_ = 0;
  std::int64_t next_ = kPart;
};

double measure_ingest(const std::filesystem::path& path, std::int64_t rows) {
  std::puts("Ingest, one durable commit per batch:");
  storage::ResultsStore store(path);
  const auto waves =
      static_cast<std::size_t>(rows / (static_cast<std::int64_t>(kSlots * kMetrics) * kEpochs) + 1);
  const std::vector<storage::TrialId> trials = tests::plan_sample(store, waves * kSlots);
  Meter meter;
  for (std::size_t wave = 0; wave < waves && meter.rows() < rows; ++wave) {
    std::vector<storage::AttemptId> attempts;
    for (std::size_t slot = 0; slot < kSlots; ++slot) {
      attempts.push_back(
          store.ledger().start_attempt(trials[wave * kSlots + slot], {.node = "n"}, 1).attempt);
    }
    for (std::int64_t first = 1; first <= kEpochs && meter.rows() < rows; first += kGroup) {
      std::vector<storage::NumberedRecord> batch;
      for (std::int64_t epoch = first; epoch < std::min(first + kGroup, kEpochs + 1); ++epoch) {
        for (const storage::AttemptId attempt : attempts) {
          batch.push_back(
              {.attempt = attempt, .number = epoch, .t_ms = 1, .record = make_record(epoch)});
        }
      }
      store.ingest().ingest(batch);
      meter.add(static_cast<std::int64_t>(batch.size() * kMetrics));
    }
  }
  return meter.finish();
}

// The same metric rows into the same table shape, with nothing around them.
double measure_limit(const std::filesystem::path& path, std::int64_t rows) {
  std::puts("SQLite alone, metric rows only:");
  sqlite3* handle = nullptr;
  sqlite3_open(path.c_str(), &handle);
  sqlite3_exec(handle,
               "PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
               "PRAGMA cache_size=-65536; PRAGMA wal_autocheckpoint=4000;"
               "CREATE TABLE metrics (trial INTEGER NOT NULL, epoch INTEGER NOT NULL,"
               " name INTEGER NOT NULL, value REAL, PRIMARY KEY (trial, epoch, name))"
               " STRICT, WITHOUT ROWID",
               nullptr,
               nullptr,
               nullptr);
  sqlite3_stmt* insert = nullptr;
  sqlite3_prepare_v2(handle, "INSERT INTO metrics VALUES (?,?,?,?)", -1, &insert, nullptr);
  Meter meter;
  for (std::int64_t wave = 0; meter.rows() < rows; ++wave) {
    for (std::int64_t first = 1; first <= kEpochs && meter.rows() < rows; first += kGroup) {
      sqlite3_exec(handle, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr);
      const std::int64_t end = std::min(first + kGroup, kEpochs + 1);
      for (std::int64_t epoch = first; epoch < end; ++epoch) {
        for (std::size_t slot = 0; slot < kSlots; ++slot) {
          for (std::size_t name = 0; name < kMetrics; ++name) {
            sqlite3_bind_int64(insert, 1, wave * 64 + static_cast<std::int64_t>(slot));
            sqlite3_bind_int64(insert, 2, epoch);
            sqlite3_bind_int64(insert, 3, static_cast<std::int64_t>(name));
            sqlite3_bind_double(insert, 4, 1.0 / static_cast<double>(epoch + 3));
            sqlite3_step(insert);
            sqlite3_reset(insert);
          }
        }
      }
      sqlite3_exec(handle, "COMMIT", nullptr, nullptr, nullptr);
      meter.add((end - first) * static_cast<std::int64_t>(kSlots * kMetrics));
    }
  }
  sqlite3_finalize(insert);
  sqlite3_close(handle);
  return meter.finish();
}

}  // namespace

int main(int argc, char** argv) {
  const std::int64_t rows = argc > 1 ? std::atoll(argv[1]) : 1'000'000;
  const tests::TempDir folder;
  const double ingest = measure_ingest(folder / "ingest.db", rows);
  const double limit = measure_limit(folder / "limit.db", rows);
  std::printf("ingest %.0f metric rows/s, limit %.0f rows/s, ratio %.2f (target 200000 rows/s)\n",
              ingest,
              limit,
              ingest / limit);
  return 0;
}
