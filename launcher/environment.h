#pragma once

// Everything the program takes from its environment, read once at the start by main's thread:
// nothing else below may ask the environment, so a test can give any.

#include <cstddef>
#include <string>
#include <vector>

namespace glimpse::launcher {

// What launchers of many processes tell each of them. Empty: not set.
struct LaunchVariables {
  std::string ompi_size = {};    // OMPI_COMM_WORLD_SIZE, of Open MPI's mpirun
  std::string pmi_size = {};     // PMI_SIZE, of MPICH's and its kin's
  std::string slurm_tasks = {};  // SLURM_STEP_NUM_TASKS, of srun; mpirun in a batch job has none
  bool was_reexecuted = false;   // kReexecutedVariable is this process
};

// Set by `glimpse` to the number of its process before that goes on as glimpse-mpi.
inline constexpr const char* kReexecutedVariable = "GLIMPSE_REEXECUTED";

// Empty: not set.
struct Environment {
  std::string results;   // GLIMPSE_RESULTS
  std::string data_dir;  // GLIMPSE_DATA_DIR
  std::string colour;    // GLIMPSE_COLOR
  std::string offline;   // GLIMPSE_OFFLINE
  std::string home;
  std::string xdg_cache_home;
  std::string xdg_config_home;
  std::string no_color;
  std::string clicolor_force;
  std::string term;
  std::string columns;
  std::string path;
  std::string hdf5_use_file_locking;  // HDF5 reads it itself; doctor only reports it
  std::string slots;                  // GLIMPSE_SLOTS
  std::string slurm_job_end_time;     // SLURM_JOB_END_TIME, seconds since 1970
  LaunchVariables launch;
};

Environment read_environment();

// All of it, each as "NAME=value", for what we start.
std::vector<std::string> list_environment();

// What the two output streams are.
struct Terminal {
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  std::size_t width = 0;      // columns of the screen that stdout is; 0: not known, or none
  std::size_t err_width = 0;  // the same of stderr
};

Terminal read_terminal(const Environment& environment);

}  // namespace glimpse::launcher
