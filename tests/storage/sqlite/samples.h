#pragma once

// Small results databases for tests, made through the product's own doors.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "storage/sqlite/results_store.h"

namespace glimpse::tests {

// 64 hex digits, another for every number.
std::string sample_key(std::uint64_t number);

// One row per number in `numbers`: parameters {"dropout":...} repeat every `seeds` numbers.
class SamplePlan {
 public:
  explicit SamplePlan(std::size_t trials, std::uint64_t first = 0, std::size_t seeds = 1);
  [[nodiscard]] const std::vector<storage::PlannedTrialEntry>& entries() const { return entries_; }

 private:
  std::vector<std::string> keys_;
  std::vector<std::string> parameters_;
  std::vector<storage::PlannedTrialEntry> entries_;
};

storage::StudyEntry sample_study(const std::string& name = "table1");

// Plans `trials` trials under `name` and returns their ids in order.
std::vector<storage::TrialId> plan_sample(storage::ResultsStore& store,
                                          std::size_t trials,
                                          const std::string& name = "table1",
                                          std::size_t seeds = 1,
                                          std::uint64_t first = 0);

storage::EpochRecord sample_epoch(std::int64_t epoch, double valid_error);

// Starts an attempt and gives it these records, numbered from 1 on.
storage::StartedAttempt run_sample(storage::ResultsStore& store,
                                   storage::TrialId trial,
                                   const std::vector<storage::Record>& records,
                                   std::int64_t now_ms = 1'700'000'000'000);

// All rows of a query, cells as text with tabs between; NULL is "-".
std::vector<std::string> rows_of(storage::Database& database, std::string_view sql);

// What every public view shows, by view, rows sorted: equal for equal results, whatever the row
// numbers are.
using Content = std::map<std::string, std::vector<std::string>>;
Content content_of(storage::Database& database);
// "" when equal, else the first rows that differ: short, where gtest would print everything.
std::string difference(const Content& left, const Content& right);

}  // namespace glimpse::tests
