#include "reports/reading/crops_of_run.h"

#include <cstdint>
#include <utility>

namespace glimpse::reports {

namespace fs = std::filesystem;

std::optional<fs::path> find_crops(const storage::ResultsFolder& results, const RunFacts& run) {
  if (run.finished_attempt <= 0) {
    return std::nullopt;
  }
  const auto attempt = static_cast<std::uint64_t>(run.finished_attempt);
  fs::path path = results.attempt_folder(run.run_id, attempt).crops();
  std::error_code error;
  return fs::exists(path, error) ? std::optional(std::move(path)) : std::nullopt;
}

}  // namespace glimpse::reports
