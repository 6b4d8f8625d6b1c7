#include <algorithm>
#include <array>
#include <filesystem>
#include <vector>

#include "experiments/faults.h"
#include "experiments/mnist_files.h"
#include "launcher/as_output.h"
#include "launcher/child_program.h"
#include "launcher/commands/dataset.h"
#include "launcher/mnist_source.h"
#include "reports/shell_word.h"
#include "storage/files/file_io.h"
#include "storage/storage_error.h"

namespace glimpse::launcher {
namespace {

namespace fs = std::filesystem;

using experiments::kMnistFiles;
using experiments::MnistFile;
using storage::StorageError;
using storage::StorageFault;

// The bucket that torchvision uses, then the one that TensorFlow Datasets and others use.
constexpr std::array<std::string_view, 2> kMirrors = {
    "https://ossci-datasets.s3.amazonaws.com/mnist",
    "https://storage.googleapis.com/cvdf-datasets/mnist"};

// Far more than any of the files. curl knows a size only where the server tells it, wget never
// looks: the limit on what a program may write holds for both.
constexpr std::uint64_t kMaxFileBytes = std::uint64_t{64} << 20;

struct Download {
  std::string url;
  fs::path partial;  // goes on where an earlier try stopped
  fs::path file;
};

std::vector<std::string> mirrors_of(const DatasetFetchOptions& options) {
  if (options.mirror.empty()) {
    return {kMirrors.begin(), kMirrors.end()};
  }
  std::string mirror = options.mirror;
  while (mirror.ends_with('/')) {
    mirror.pop_back();
  }
  return {mirror};
}

Download download_of(const std::string& mirror, const MnistFile& file, const fs::path& folder) {
  const std::string name = std::string(file.name) + ".gz";
  return {mirror + "/" + name, folder / (name + ".part"), folder / name};
}

// No TLS of our own: these programs bring the site's certificates and proxies with them.
std::vector<std::string> command_of(const std::string& program,
                                    const Download& download,
                                    const DatasetFetchOptions& options) {
  const std::string stall = std::to_string(options.stall_s);
  if (fs::path(program).filename() == "wget") {
    return {program,
            "--no-verbose",
            "--continue",
            "--tries=" + std::to_string(options.retries + 1),
            "--timeout=" + stall,
            "-O",
            download.partial.string(),
            "--",
            download.url};
  }
  return {program,
          "--fail",
          "--silent",
          "--show-error",
          "--location",
          "--retry",
          std::to_string(options.retries),
          "--connect-timeout",
          stall,
          "--speed-limit",
          "1",
          "--speed-time",
          stall,
          "--max-filesize",
          std::to_string(kMaxFileBytes),
          "--continue-at",
          "-",
          "--output",
          download.partial.string(),
          "--",
          download.url};
}

std::string downloader(const Env& env) {
  for (const char* const name : {"curl", "wget"}) {
    if (const auto program = find_program(name, env.environment.path)) {
      return program->string();
    }
  }
  throw StorageError(StorageFault::kMissing,
                     "curl",
                     "download MNIST: neither curl nor wget is installed (glimpse dataset fetch "
                     "--print-commands shows what to fetch)");
}

std::vector<std::string> with_size_limit(const std::vector<std::string>& command) {
  const std::string blocks = std::to_string(kMaxFileBytes / 512);  // the unit of POSIX
  std::vector<std::string> limited = {
      "/bin/sh", "-c", "ulimit -f " + blocks + "; exec \"$@\"", "sh"};
  limited.insert(limited.end(), command.begin(), command.end());
  return limited;
}

void print_commands(const std::string& mirror,
                    const fs::path& folder,
                    const DatasetFetchOptions& options,
                    Env& env) {
  env.out << "mkdir -p " << reports::render_shell_word(folder.string()) << '\n';
  for (const MnistFile& file : kMnistFiles) {
    const Download download = download_of(mirror, file, folder);
    std::string line;
    for (const std::string& word : command_of("curl", download, options)) {
      line += (line.empty() ? "" : " ") + reports::render_shell_word(word);
    }
    env.out << line << " && mv " << reports::render_shell_word(download.partial.string()) << ' '
            << reports::render_shell_word(download.file.string()) << '\n';
  }
}

// A file that is there and right is kept; one that is wrong is in the way and said to be.
bool is_there(const fs::path& folder, std::size_t which) {
  const std::string name(kMnistFiles.at(which).name);
  for (const fs::path& file : {folder / name, folder / (name + ".gz")}) {
    if (fs::is_regular_file(file)) {
      if (const auto problem = mnist_problem(file, which, mnist_sha256(file, which))) {
        throw StorageError(StorageFault::kForeign, file, *problem + " (move it out of the way)");
      }
      return true;
    }
  }
  return false;
}

// What is wrong with downloaded bytes; empty where nothing is.
std::string download_problem(const Download& download, std::size_t which) {
  try {
    return mnist_problem(download.partial, which, mnist_sha256(download.partial, which))
        .value_or("");
  } catch (const StorageError& error) {
    return error.what();
  }
}

bool run_downloader(const Download& download, const DatasetFetchOptions& options, Env& env) {
  const std::string program = downloader(env);
  const std::vector<std::string> command = with_size_limit(command_of(program, download, options));
  const bool goes_on = fs::exists(download.partial);
  env.log.info((goes_on ? "going on with " : "fetching ") + download.url);
  int status = run_program(command).status;
  if (status != 0 && goes_on) {
    // Some servers cannot start in the middle.
    fs::remove(download.partial);
    status = run_program(command).status;
  }
  if (status != 0) {
    env.log.warn(download.url + ": " + fs::path(program).filename().string() + " ended with " +
                 std::to_string(status));
  }
  return status == 0;
}

// True if the mirror gave the right bytes. What is wrong is thrown away, what is cut off is kept.
bool try_download(const Download& download,
                  std::size_t which,
                  const DatasetFetchOptions& options,
                  Env& env) {
  if (!run_downloader(download, options, env)) {
    return false;
  }
  const std::string problem = download_problem(download, which);
  if (!problem.empty()) {
    env.log.warn(download.url + ": " + problem);
    fs::remove(download.partial);
    return false;
  }
  storage::sync_file(storage::open_plain_file(download.partial), download.partial);
  storage::rename_file(download.partial, download.file);
  storage::sync_folder(download.file.parent_path());
  return true;
}

void fetch_file(std::size_t which,
                const DatasetFetchOptions& options,
                const fs::path& folder,
                Env& env) {
  if (is_there(folder, which)) {
    env.log.info(std::string(kMnistFiles.at(which).name) + ": already there, verified");
    return;
  }
  const std::vector<std::string> mirrors = mirrors_of(options);
  const bool is_fetched = std::any_of(mirrors.begin(), mirrors.end(), [&](const auto& mirror) {
    return try_download(download_of(mirror, kMnistFiles.at(which), folder), which, options, env);
  });
  if (!is_fetched) {
    throw StorageError(StorageFault::kMissing,
                       folder / kMnistFiles.at(which).name,
                       "fetch " + std::string(kMnistFiles.at(which).name) +
                           ": no mirror gave it (--mirror URL names another; --print-commands "
                           "shows what to fetch elsewhere)");
  }
}

}  // namespace

int dataset_fetch(const DatasetFetchOptions& options, Env& env) {
  const fs::path folder = env.settings.data_dir.value.empty()
                              ? cache_dir(env.environment) / "mnist"
                              : fs::path(env.settings.data_dir.value);
  if (options.prints_commands) {
    print_commands(mirrors_of(options).front(), folder, options, env);
    return 0;
  }
  if (env.settings.is_offline()) {
    env.log.error("dataset fetch: offline by " + env.settings.offline.origin +
                  " (--print-commands shows what to fetch elsewhere)");
    return static_cast<int>(experiments::ExitCode::kBadConfig);
  }
  as_output([&] { storage::make_folders(folder); });
  for (std::size_t which = 0; which < kMnistFiles.size(); ++which) {
    fetch_file(which, options, folder, env);
  }
  env.log.info("MNIST is in " + folder.string());
  return 0;
}

}  // namespace glimpse::launcher
