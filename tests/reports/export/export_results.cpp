#include "tests/reports/export/export_results.h"

#include <limits>
#include <utility>

#include "storage/files/file_io.h"
#include "storage/hdf5/crops_file.h"
#include "tests/storage/hdf5/crops_samples.h"
#include "tests/storage/sqlite/samples.h"
#include "tests/support/temp_dir.h"

namespace glimpse::tests {
namespace {

namespace fs = std::filesystem;

using experiments::Assignment;

constexpr std::int64_t kSecondMs = 1000;
constexpr std::int64_t kMinuteMs = 60 * kSecondMs;
constexpr const char* kTextHash = "00112233445566778899aabbccddeeff";

const storage::ResultsFolder& with_root(const storage::ResultsFolder& folder) {
  storage::make_folders(folder.studies());
  return folder;
}

constexpr const char* kSweepText = R"({
  "name": "sweep", "kind": "command", "command": ["true"],
  "method": "random", "run_cap": 5, "seeds": 2,
  "metric": {"name": "valid_error"},
  "parameters": {
    "model": {"values": ["rnn", "../x", "=1+1", "line\nbreak, \"quoted\"", "none"]},
    "learning_rate": {"min": 0.0001, "max": 0.1, "distribution": "log_uniform"},
    "depth": {"min": 1, "max": 9, "distribution": "int_uniform"},
    "noise": {"mu": 0, "sigma": 1, "distribution": "normal"},
    "flag": {"values": [true, false]}
  }
})";

Assignment configuration(const std::string& model, double rate, double depth, bool flag) {
  return {{"model", model},
          {"learning_rate", rate},
          {"depth", depth},
          {"noise", rate * depth - 0.25},
          {"flag", flag}};
}

void train(ExportResults& results, std::size_t run, const std::vector<double>& errors) {
  for (const double error : errors) {
    results.end_epoch(run, {{"valid_error", error}, {"train_loss", error / 3}});
  }
}

void fill_sweep(ExportResults& results) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  results.start(0);
  train(results, 0, {40, 20.5});
  results.preempt(0);
  results.start(0);  // goes on
  train(results, 0, {10.25, 12});
  results.leave_crops(0);
  results.finish(0);
  results.start(1);
  train(results, 1, {30, 11});
  results.finish(1);
  results.start(2);
  train(results, 2, {9, 8.125});
  results.finish(2);
  results.start(3);
  results.end_epoch(3, {{"valid_error", 7.0625}, {"../../etc/passwd", 1e300}, {"=cmd()", 1}});
  results.leave_crops(3);
  results.finish(3);
  results.start(4);
  train(results, 4, {50});
  results.finish(4);
  results.start(5);
  results.end_epoch(5, {{"valid_error", 1}, {"train_loss", nan}});
  results.finish(5, storage::Outcome::kDiverged);
  results.start(6);
  results.fail(6);
  results.start(7);
  train(results, 7, {3});
}

}  // namespace

ExportResults::ExportResults(const fs::path& folder,
                             const std::string& study,
                             const std::string& text,
                             const std::string& metric,
                             bool is_maximized)
    : folder_(folder),
      store_(std::make_unique<storage::ResultsStore>(with_root(folder_).database())),
      study_{.name = study,
             .text_hash = kTextHash,
             .resolved_json = "{}",
             .metric = metric,
             .is_maximized = is_maximized} {
  save_bytes(folder_.study_file(kTextHash), text);
}

ExportResults::~ExportResults() {
  store_->database().close_cleanly();
}

void ExportResults::plan(const std::vector<Assignment>& configurations, int seeds) {
  std::vector<std::string> keys;
  std::vector<std::string> parameters;
  for (std::size_t i = 0; i < configurations.size() * static_cast<std::size_t>(seeds); ++i) {
    keys.push_back(tests::sample_key(i));
    parameters.push_back(
        experiments::render_json(configurations[i / static_cast<std::size_t>(seeds)]));
  }
  std::vector<storage::PlannedTrialEntry> entries;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    entries.push_back(
        {.key = keys[i],
         .code = "1",
         .parameters_json = parameters[i],
         .seed = i % static_cast<std::size_t>(seeds) + 1,
         .configuration = static_cast<std::uint32_t>(i / static_cast<std::size_t>(seeds))});
  }
  store_->ledger().add_plan(study_, entries, now_ms_);
  for (const std::string& key : keys) {
    runs_.push_back({.trial = store_->reader().find_trial(key).value()});
  }
}

void ExportResults::start(std::size_t run) {
  now_ms_ += kMinuteMs;
  Run& started = runs_.at(run);
  started.attempt = store_->ledger().start_attempt(started.trial, {"node1", 0}, now_ms_);
  started.records = 0;
}

void ExportResults::end_epoch(std::size_t run, const Metrics& metrics) {
  Run& at = runs_.at(run);
  record(at, storage::EpochRecord{++at.epochs, metrics, {}, ""});
}

void ExportResults::finish(std::size_t run, storage::Outcome outcome) {
  record(runs_.at(run), storage::FinishedRecord{.outcome = outcome});
}

void ExportResults::preempt(std::size_t run) {
  record(runs_.at(run), storage::PreemptedRecord{});
}

void ExportResults::fail(std::size_t run) {
  record(runs_.at(run), storage::FailedRecord{"oom", "out of memory"});
  store_->ledger().fail_trial(runs_.at(run).trial);
}

fs::path ExportResults::leave_crops(std::size_t run) {
  const auto number = static_cast<std::uint64_t>(runs_.at(run).attempt.number);
  const storage::AttemptFolder attempt = folder_.attempt_folder(run_id(run), number);
  storage::make_folders(attempt.path);
  storage::Crops crops = sample_crops();
  crops.run_id = run_id(run);
  storage::write_crops(attempt.crops(), crops);
  return attempt.crops();
}

std::string ExportResults::run_id(std::size_t run) const {
  return sample_key(run).substr(0, 32);
}

void ExportResults::record(Run& run, const storage::Record& record) {
  now_ms_ += kSecondMs;
  store_->ingest().ingest(run.attempt.attempt, ++run.records, now_ms_, record);
}

void make_sweep(const fs::path& folder) {
  ExportResults results(folder, "sweep", kSweepText, "valid_error");
  results.plan({configuration("rnn", 0.001, 3, true),
                configuration("../x", 0.01, 2, false),
                configuration("=1+1", 0.1, 9, true),
                configuration("line\nbreak, \"quoted\"", 0.0005, 1, false),
                configuration(std::string(60'000, 'x'), 0.02, 5, true)},
               2);
  fill_sweep(results);
}

}  // namespace glimpse::tests
