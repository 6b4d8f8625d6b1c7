#include "launcher/launch_plan.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>

#include <unistd.h>

#include "experiments/faults.h"
#include "launcher/transport/launch_error.h"
#include "worker/exec.h"

namespace glimpse::launcher {
namespace {

using experiments::ExitCode;

int count_from(const std::string& text) {
  int count = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, count);
  return read.ec == std::errc() && read.ptr == end ? std::max(1, count) : 1;
}

bool uses_ranks(std::string_view verb) {
  return verb == "run" || verb == "reproduce";
}

std::string one_of(const LaunchVariables& launch) {
  return "started as one of " + std::to_string(ranks_started(launch)) + " ranks, ";
}

}  // namespace

int ranks_of_srun(const LaunchVariables& launch) {
  return count_from(launch.slurm_tasks);
}

int ranks_started(const LaunchVariables& launch) {
  return std::max(
      {count_from(launch.ompi_size), count_from(launch.pmi_size), ranks_of_srun(launch)});
}

LaunchPlan plan_launch(std::string_view verb, const LaunchVariables& launch, bool speaks_mpi) {
  if (speaks_mpi || !uses_ranks(verb) || ranks_started(launch) == 1) {
    return LaunchPlan::kStay;
  }
  if (launch.was_reexecuted) {
    throw LaunchError(
        ExitCode::kUnavailable,
        one_of(launch) + "but what is called glimpse-mpi knows no MPI (install Glimpse again)");
  }
  return LaunchPlan::kBecomeMpi;
}

void become_mpi_program(const std::filesystem::path& folder,
                        const std::vector<std::string>& arguments,
                        const LaunchVariables& launch) {
  const std::string program = folder / "glimpse-mpi";
  std::vector<std::string> words{program};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const std::vector<char*> argv = worker::argument_pointers(words);
  // Of this process alone: what it starts may be launched anew. No thread runs yet.
  setenv(
      kReexecutedVariable, std::to_string(getpid()).c_str(), 1);  // NOLINT(concurrency-mt-unsafe)
  execv(program.c_str(), argv.data());
  const int error = errno;
  throw LaunchError(ExitCode::kUnavailable,
                    one_of(launch) + "but cannot start " + program + ": " +
                        std::strerror(error) +  // NOLINT(concurrency-mt-unsafe): no thread runs yet
                        (error == ENOENT ? " (this build has no MPI: apt-get install "
                                           "libopenmpi-dev openmpi-bin, then build it again)"
                                         : " (install Glimpse again)"));
}

}  // namespace glimpse::launcher
