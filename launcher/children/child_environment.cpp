#include "launcher/children/child_environment.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace glimpse::launcher {
namespace {

constexpr std::array<std::string_view, 10> kDroppedBeginnings = {"OMPI_",
                                                                 "PMIX_",
                                                                 "PMI_",
                                                                 "PRTE_",
                                                                 "SLURM_STEP",
                                                                 "SLURM_SRUN_",
                                                                 "SLURM_PMIX",
                                                                 "SLURM_CPU_BIND",
                                                                 "SLURM_MEM_BIND",
                                                                 "SLURM_LAUNCH_NODE"};

constexpr std::array<std::string_view, 11> kDroppedNames = {"SLURM_PROCID",
                                                            "SLURM_LOCALID",
                                                            "SLURM_NODEID",
                                                            "SLURM_TASK_PID",
                                                            "SLURM_GTIDS",
                                                            "SLURM_MPI_TYPE",
                                                            "GLIMPSE_FD",
                                                            "GLIMPSE_RUN_ID",
                                                            "GLIMPSE_RUN_DIR",
                                                            "GLIMPSE_ATTEMPT",
                                                            "GLIMPSE_SEED"};

std::string_view name_of(std::string_view variable) {
  return variable.substr(0, variable.find('='));
}

bool is_dropped(std::string_view name) {
  return std::ranges::any_of(kDroppedBeginnings,
                             [&](std::string_view start) { return name.starts_with(start); }) ||
         std::ranges::find(kDroppedNames, name) != kDroppedNames.end();
}

}  // namespace

std::vector<std::string> child_environment(const std::vector<std::string>& ours,
                                           const std::vector<std::string>& added) {
  std::vector<std::string> environment;
  const auto is_added = [&](std::string_view name) {
    return std::ranges::any_of(
        added, [&](const std::string& variable) { return name_of(variable) == name; });
  };
  for (const std::string& variable : ours) {
    const std::string_view name = name_of(variable);
    if (!is_dropped(name) && !is_added(name)) {
      environment.push_back(variable);
    }
  }
  environment.insert(environment.end(), added.begin(), added.end());
  return environment;
}

}  // namespace glimpse::launcher
