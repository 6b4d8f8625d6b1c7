#include "launcher/commands/doctor.h"

#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include <sys/resource.h>
#include <sys/statvfs.h>

#include "experiments/faults.h"
#include "experiments/mnist_files.h"
#include "launcher/build_info.h"
#include "launcher/child_program.h"
#include "launcher/mnist_source.h"
#include "launcher/output.h"
#include "launcher/results_folder.h"
#include "storage/files/atomic_file.h"
#include "storage/files/file_io.h"
#include "storage/files/file_system.h"
#include "storage/hdf5/hdf5_version.h"
#include "storage/sqlite/sqlite_version.h"
#include "storage/storage_error.h"

namespace glimpse::launcher {
namespace {

namespace fs = std::filesystem;

// kAbsent: not there, and needed only by some.
enum class Verdict { kOk, kFail, kAbsent };

struct Check {
  std::string name;
  Verdict verdict = Verdict::kOk;
  std::string detail;
  std::string fix;  // empty where all is well
};

constexpr std::uint64_t kLeastSharedMemory = std::uint64_t{64} << 20;
constexpr rlim_t kLeastOpenFiles = 1024;
constexpr double kWorkerTimeoutSeconds =
    20;  // it loads a gigabyte of libraries, perhaps over a network

std::string mebibytes(std::uint64_t bytes) {
  return std::to_string(bytes >> 20) + " MiB";
}

Check check_program() {
  const BuildInfo info = build_info();
  return {"glimpse", Verdict::kOk, info.version + " (" + info.commit + "), " + info.compiler, ""};
}

Check check_hdf5(const Env& env) {
  std::string detail = storage::hdf5_version();
  const std::string& locking = env.environment.hdf5_use_file_locking;
  detail += locking.empty() ? "" : ", HDF5_USE_FILE_LOCKING=" + locking;
  return {"HDF5", Verdict::kOk, detail, ""};
}

Check check_sqlite() {
  return {"SQLite", Verdict::kOk, storage::sqlite_version(), ""};
}

// Where the results lie, or the folder in which theirs would be made.
fs::path nearest_folder(const Env& env) {
  fs::path folder = fs::absolute(env.settings.results_dir());
  std::error_code ignored;
  while (!fs::is_directory(folder, ignored) && folder.has_relative_path()) {
    folder = folder.parent_path();
  }
  return folder;
}

// Writes a file, flushes it and takes it away again.
Check check_results_folder(const Env& env) {
  const fs::path folder = nearest_folder(env);
  std::string detail = env.settings.results.value + " (" + env.settings.results.origin + ")";
  try {
    const bool is_there = fs::is_directory(results_folder(env.settings).root());
    detail += is_there ? "" : ", not there yet";
    storage::AtomicFile probe(folder / "doctor-probe");
    probe.write("probe");
    probe.commit();
    fs::remove(folder / "doctor-probe");
  } catch (const std::runtime_error& error) {
    return {"results folder",
            Verdict::kFail,
            error.what(),
            "give a folder you may write to: --results DIR or GLIMPSE_RESULTS"};
  }
  return {"results folder", Verdict::kOk, detail, ""};
}

Check check_file_system(const Env& env) {
  const storage::FileSystemKind kind = storage::file_system_of(nearest_folder(env));
  return {"file system",
          Verdict::kOk,
          kind.name + (kind.is_known ? "" : ", which is not known and taken for local") +
              (kind.is_network ? ": several hosts mount it, so the live database lies on a local "
                                 "disk and snapshots are published"
                               : ": the database uses a write-ahead log"),
          ""};
}

Check check_space(const Env& env) {
  const std::uint64_t free_bytes = fs::space(nearest_folder(env)).available;
  // Enough for the smoke study; the full protocol wants some gigabytes.
  const bool is_enough = free_bytes >= (std::uint64_t{256} << 20);
  return {"free space",
          is_enough ? Verdict::kOk : Verdict::kFail,
          mebibytes(free_bytes),
          is_enough ? "" : "make room, or give another folder: table1 wants 4 GiB"};
}

Check check_mnist(const Env& env) {
  const auto found = find_mnist(mnist_places(env.settings, env.environment));
  if (!found) {
    return {"MNIST",
            Verdict::kAbsent,
            "not found",
            "glimpse dataset fetch, or --data-dir; source=builtin needs none"};
  }
  for (std::size_t i = 0; i < found->files.size(); ++i) {
    std::string problem;
    try {
      problem =
          mnist_problem(found->files.at(i), i, mnist_sha256(found->files.at(i), i)).value_or("");
    } catch (const storage::StorageError& error) {
      problem = error.what();
    }
    if (!problem.empty()) {
      return {"MNIST", Verdict::kFail, problem, "replace it: glimpse dataset fetch"};
    }
  }
  return {"MNIST", Verdict::kOk, found->folder.string() + ", all four files verified", ""};
}

Check check_worker(const Env& env, const std::string& name, const std::string& fix) {
  const fs::path worker = env.program_dir / name;
  if (!fs::is_regular_file(worker)) {
    return {name, Verdict::kAbsent, "not beside glimpse", fix};
  }
  try {
    const ChildResult result = capture_program({worker.string(), "info"}, kWorkerTimeoutSeconds);
    if (result.status == 0) {
      return {name, Verdict::kOk, result.output.substr(0, result.output.find('\n')), ""};
    }
    return {name,
            Verdict::kFail,
            "'info' ended with " + std::to_string(result.status),
            "run '" + worker.string() + " info' to see why"};
  } catch (const std::exception& error) {
    return {name, Verdict::kFail, error.what(), "reinstall it"};
  }
}

Check check_shared_memory() {
  struct statvfs status {};
  if (statvfs("/dev/shm", &status) != 0) {
    return {"shared memory",
            Verdict::kFail,
            "no /dev/shm",
            "mount a tmpfs there; data-parallel trials on CPUs need it"};
  }
  const std::uint64_t bytes = std::uint64_t{status.f_bavail} * status.f_frsize;
  const bool is_enough = bytes >= kLeastSharedMemory;
  return {"shared memory",
          is_enough ? Verdict::kOk : Verdict::kFail,
          mebibytes(bytes) + " free in /dev/shm",
          is_enough ? "" : "give the container more: --shm-size=1g"};
}

Check check_open_files() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  const bool is_enough = limit.rlim_cur >= kLeastOpenFiles;
  return {"open files",
          is_enough ? Verdict::kOk : Verdict::kFail,
          "limit " + std::to_string(limit.rlim_cur),
          is_enough ? "" : "ulimit -n " + std::to_string(kLeastOpenFiles)};
}

Check check_command(const Env& env,
                    const std::string& title,
                    const std::vector<std::string>& names,
                    const std::string& fix) {
  for (const std::string& name : names) {
    if (const auto program = find_program(name, env.environment.path)) {
      return {title, Verdict::kOk, program->string(), ""};
    }
  }
  return {title, Verdict::kAbsent, "not in PATH", fix};
}

std::vector<Check> run_checks(const Env& env) {
  return {check_program(),
          check_hdf5(env),
          check_sqlite(),
          check_results_folder(env),
          check_file_system(env),
          check_space(env),
          check_open_files(),
          check_shared_memory(),
          check_mnist(env),
          check_worker(env, "glimpse-worker", "build with LibTorch: scripts/setup"),
          check_worker(env, "glimpse-worker-cuda", "only for GPUs: configure the cuda preset"),
          check_command(env, "mpirun", {"mpirun"}, "only for several nodes: install Open MPI"),
          check_command(env, "srun", {"srun"}, "only under Slurm"),
          check_command(env, "downloader", {"curl", "wget"}, "only for dataset fetch")};
}

std::string word_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kOk:
      return "ok";
    case Verdict::kFail:
      return "FAIL";
    case Verdict::kAbsent:
      break;
  }
  return "absent";
}

}  // namespace

int doctor(const DoctorOptions& options, Env& env) {
  reports::TextTable table{.columns = {"check", "state", "detail", "fix"}, .rows = {}};
  bool has_failure = false;
  for (const Check& check : run_checks(env)) {
    has_failure = has_failure || check.verdict == Verdict::kFail;
    table.rows.push_back({check.name, word_of(check.verdict), check.detail, check.fix});
  }
  print_sections("doctor", {{"checks", "", table}}, options.output, env);
  return static_cast<int>(has_failure ? experiments::ExitCode::kBadConfig
                                      : experiments::ExitCode::kDone);
}

}  // namespace glimpse::launcher
