#include "tests/storage/sqlite/samples.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <variant>

#include "storage/sqlite/statement.h"

namespace glimpse::tests {
namespace {

using storage::Database;

std::string render(const storage::Cell& cell) {
  if (const auto* integer = std::get_if<std::int64_t>(&cell)) {
    return std::to_string(*integer);
  }
  if (const auto* real = std::get_if<double>(&cell)) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.17g", *real);
    return text.data();
  }
  const auto* text = std::get_if<std::string_view>(&cell);
  return text == nullptr ? "-" : std::string(*text);
}

}  // namespace

std::string sample_key(std::uint64_t number) {
  // Spread over the whole range, as hashes are.
  std::array<char, 65> text{};
  std::snprintf(text.data(),
                text.size(),
                "%016llx%048llx",
                static_cast<unsigned long long>(number * 0x9e3779b97f4a7c15ULL),
                static_cast<unsigned long long>(number));
  return text.data();
}

SamplePlan::SamplePlan(std::size_t trials, std::uint64_t first, std::size_t seeds) {
  keys_.reserve(trials);
  parameters_.reserve(trials);
  for (std::size_t i = 0; i < trials; ++i) {
    const std::uint64_t number = first + i;
    keys_.push_back(sample_key(number));
    parameters_.push_back(R"({"dropout":0.)" + std::to_string(number / seeds) +
                          R"(,"model":"rnn-spn"})");
    entries_.push_back({.key = keys_.back(),
                        .code = "1",
                        .dataset = "d",
                        .parameters_json = parameters_.back(),
                        .seed = number % seeds + 1,
                        .configuration = static_cast<std::uint32_t>(number / seeds)});
  }
}

storage::StudyEntry sample_study(const std::string& name) {
  return {.name = name,
          .text_hash = "00112233445566778899aabbccddeeff",
          .resolved_json = R"({"name":"x"})"};
}

std::vector<storage::TrialId> plan_sample(storage::ResultsStore& store,
                                          std::size_t trials,
                                          const std::string& name,
                                          std::size_t seeds,
                                          std::uint64_t first) {
  const SamplePlan plan(trials, first, seeds);
  store.ledger().add_plan(sample_study(name), plan.entries(), 1'600'000'000'000);
  std::vector<storage::TrialId> ids;
  for (const storage::PlannedTrialEntry& entry : plan.entries()) {
    ids.push_back(store.reader().find_trial(entry.key).value());
  }
  return ids;
}

storage::EpochRecord sample_epoch(std::int64_t epoch, double valid_error) {
  return {.epoch = epoch,
          .metrics = {{"valid_error", valid_error}, {"train_loss", 1.0 / double(epoch)}},
          .timings = {{"seconds_train", 0.5}},
          .weights_hash = "w" + std::to_string(epoch)};
}

storage::StartedAttempt run_sample(storage::ResultsStore& store,
                                   storage::TrialId trial,
                                   const std::vector<storage::Record>& records,
                                   std::int64_t now_ms) {
  const storage::StartedAttempt started =
      store.ledger().start_attempt(trial, {.node = "n1", .slot = 0}, now_ms);
  std::int64_t number = 0;
  for (const storage::Record& record : records) {
    ++number;
    store.ingest().ingest(started.attempt, number, now_ms + number * 1000, record);
  }
  return started;
}

std::vector<std::string> rows_of(Database& database, std::string_view sql) {
  std::vector<std::string> result;
  storage::Statement statement(database, sql);
  storage::Rows rows = statement.query();
  while (rows.next()) {
    std::string line;
    for (int i = 0; i < rows.column_count(); ++i) {
      line += (i == 0 ? "" : "\t") + render(rows.cell(i));
    }
    result.push_back(std::move(line));
  }
  return result;
}

Content content_of(Database& database) {
  Content content;
  for (const std::string& view : rows_of(
           database, "SELECT name FROM sqlite_schema WHERE type = 'view' AND name GLOB 'v_*'")) {
    std::vector<std::string> rows = rows_of(database, "SELECT * FROM " + view);
    std::sort(rows.begin(), rows.end());
    content.emplace(view, std::move(rows));
  }
  return content;
}

std::string difference(const Content& left, const Content& right) {
  for (const auto& [view, rows] : left) {
    const auto& others = right.at(view);
    for (std::size_t i = 0; i < std::max(rows.size(), others.size()); ++i) {
      const std::string row = i < rows.size() ? rows[i] : "(no row)";
      const std::string other = i < others.size() ? others[i] : "(no row)";
      if (row != other) {
        return view + ":\n  " + row + "\n  " + other;
      }
    }
  }
  return "";
}

}  // namespace glimpse::tests
