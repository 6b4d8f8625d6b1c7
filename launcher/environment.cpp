#include "launcher/environment.h"

#include <charconv>
#include <cstdlib>

#include <sys/ioctl.h>
#include <unistd.h>

namespace glimpse::launcher {
namespace {

std::string variable(const char* name) {
  const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): before any thread
  return value == nullptr ? std::string() : std::string(value);
}

std::size_t width_from(const std::string& columns) {
  std::size_t width = 0;
  const auto end = std::from_chars(columns.data(), columns.data() + columns.size(), width);
  return end.ec == std::errc() ? width : 0;
}

std::size_t width_of_screen(int descriptor) {
  winsize size{};
  return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

}  // namespace

Environment read_environment() {
  Environment environment;
  environment.results = variable("GLIMPSE_RESULTS");
  environment.data_dir = variable("GLIMPSE_DATA_DIR");
  environment.colour = variable("GLIMPSE_COLOR");
  environment.offline = variable("GLIMPSE_OFFLINE");
  environment.home = variable("HOME");
  environment.xdg_cache_home = variable("XDG_CACHE_HOME");
  environment.xdg_config_home = variable("XDG_CONFIG_HOME");
  environment.no_color = variable("NO_COLOR");
  environment.clicolor_force = variable("CLICOLOR_FORCE");
  environment.term = variable("TERM");
  environment.columns = variable("COLUMNS");
  environment.path = variable("PATH");
  environment.hdf5_use_file_locking = variable("HDF5_USE_FILE_LOCKING");
  environment.slots = variable("GLIMPSE_SLOTS");
  environment.slurm_job_end_time = variable("SLURM_JOB_END_TIME");
  environment.launch.ompi_size = variable("OMPI_COMM_WORLD_SIZE");
  environment.launch.pmi_size = variable("PMI_SIZE");
  environment.launch.slurm_tasks = variable("SLURM_STEP_NUM_TASKS");
  environment.launch.was_reexecuted = variable(kReexecutedVariable) == std::to_string(getpid());
  return environment;
}

std::vector<std::string> list_environment() {
  std::vector<std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    variables.emplace_back(*variable);
  }
  return variables;
}

Terminal read_terminal(const Environment& environment) {
  Terminal terminal;
  terminal.out_is_terminal = isatty(STDOUT_FILENO) == 1;
  terminal.err_is_terminal = isatty(STDERR_FILENO) == 1;
  terminal.width = width_from(environment.columns);
  terminal.err_width = terminal.width;
  if (terminal.width == 0) {
    terminal.width = width_of_screen(STDOUT_FILENO);
    terminal.err_width = width_of_screen(STDERR_FILENO);
  }
  return terminal;
}

}  // namespace glimpse::launcher
