#pragma once

// Where everything lies in a folder of results:
//
//   glimpse.db  glimpse.lock  spool/  studies/<hash>.json  data/<recipe>-<hash>.h5  reports/
//   runs/<first two hex>/<run id>/trial.json
//   runs/<first two hex>/<run id>/attempt-<n>/  journal.jsonl worker.log step-*.safetensors
//   crops.h5
//
// Paths are only computed; folders are made when something is put into them. Everything that
// becomes part of a path is checked first, so no name can lead out of the folder. Nothing here
// flushes to disk: a run folder that a power cut takes away is made again. Any thread.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace glimpse::storage {

// Names of people's making that become paths: [A-Za-z0-9_][A-Za-z0-9._-]{0,63}.
[[nodiscard]] bool is_path_name(std::string_view name);
// 32 lower-case hex digits.
[[nodiscard]] bool is_run_id(std::string_view text);

struct AttemptFolder {
  std::filesystem::path path;
  [[nodiscard]] std::filesystem::path journal() const { return path / "journal.jsonl"; }
  [[nodiscard]] std::filesystem::path worker_log() const { return path / "worker.log"; }
  [[nodiscard]] std::filesystem::path crops() const { return path / "crops.h5"; }
};

// Of one run's folder, wherever it lies. Attempts come in ascending order; a folder that is missing
// has none.
[[nodiscard]] AttemptFolder attempt_folder(const std::filesystem::path& run, std::uint64_t attempt);
[[nodiscard]] std::vector<std::uint64_t> list_attempts(const std::filesystem::path& run);

class ResultsFolder {
 public:
  explicit ResultsFolder(std::filesystem::path root) : root_(std::move(root)) {}

  [[nodiscard]] const std::filesystem::path& root() const { return root_; }
  [[nodiscard]] std::filesystem::path database() const { return root_ / "glimpse.db"; }
  [[nodiscard]] std::filesystem::path lock() const { return root_ / "glimpse.lock"; }
  [[nodiscard]] std::filesystem::path spool() const { return root_ / "spool"; }
  [[nodiscard]] std::filesystem::path studies() const { return root_ / "studies"; }
  [[nodiscard]] std::filesystem::path data() const { return root_ / "data"; }
  [[nodiscard]] std::filesystem::path reports() const { return root_ / "reports"; }

  // These throw StorageError (kRefused) for a hash or run id that is not 32 hex digits, a recipe
  // that is no path name, and attempt 0.
  [[nodiscard]] std::filesystem::path study_file(std::string_view hash) const;
  [[nodiscard]] std::filesystem::path dataset_file(std::string_view recipe,
                                                   std::string_view hash) const;
  [[nodiscard]] std::filesystem::path run_folder(std::string_view run_id) const;
  [[nodiscard]] std::filesystem::path trial_file(std::string_view run_id) const;
  [[nodiscard]] AttemptFolder attempt_folder(std::string_view run_id, std::uint64_t attempt) const;

  // Writes trial.json unless it is there already.
  void write_trial(std::string_view run_id, std::string_view json) const;
  [[nodiscard]] std::string load_trial(std::string_view run_id) const;

  // Throws StorageError (kRefused) when the folder is there: a number is given out once.
  [[nodiscard]] AttemptFolder make_attempt(std::string_view run_id, std::uint64_t attempt) const;
  // In ascending order; none for a run that has no folder.
  [[nodiscard]] std::vector<std::uint64_t> list_attempts(std::string_view run_id) const;

  // Hashes that texts of studies are filed under, sorted.
  [[nodiscard]] std::vector<std::string> list_studies() const;

  // Run ids that begin with `prefix` (all for an empty one), sorted, at most `limit`.
  [[nodiscard]] std::vector<std::string> find_runs(std::string_view prefix,
                                                   std::size_t limit) const;

 private:
  std::filesystem::path root_;
};

}  // namespace glimpse::storage
