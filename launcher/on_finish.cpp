#include "launcher/on_finish.h"

#include <exception>

#include "launcher/child_program.h"

namespace glimpse::launcher {

std::vector<std::string> on_finish_arguments(const std::string& command, const FinishedRun& run) {
  std::error_code ignored;
  return {"env",
          "GLIMPSE_STUDY=" + run.study,
          "GLIMPSE_RESULTS=" + std::filesystem::absolute(run.results, ignored).string(),
          "GLIMPSE_EXIT=" + std::to_string(run.exit),
          "sh",
          "-c",
          command};
}

void run_on_finish(const std::string& command, const FinishedRun& run, Log& log) {
  try {
    const int status = run_program(on_finish_arguments(command, run)).status;
    if (status != 0) {
      log.warn("--on-finish: '" + command + "' ended with " + std::to_string(status));
    }
  } catch (const std::exception& error) {
    log.warn(std::string("--on-finish: ") + error.what());
  }
}

}  // namespace glimpse::launcher
