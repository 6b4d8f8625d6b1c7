#include "launcher/results_folder.h"

#include <cerrno>
#include <filesystem>
#include <string>
#include <system_error>

#include <unistd.h>

#include "experiments/study_error.h"
#include "storage/storage_error.h"

namespace glimpse::launcher {
namespace {

namespace fs = std::filesystem;

std::string described(const Settings& settings) {
  return "'" + settings.results.value + "' (" + settings.results.origin + ")";
}

[[noreturn]] void refuse(const Settings& settings, const std::string& why) {
  throw experiments::StudyError("results folder",
                                {{.pointer = "", .message = described(settings) + ": " + why}});
}

}  // namespace

storage::ResultsFolder results_folder(const Settings& settings) {
  const fs::path path = settings.results_dir();
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::none) {
    refuse(settings, error.message());
  }
  if (fs::exists(status) && !fs::is_directory(status)) {
    refuse(settings, "it is a file; give a folder");
  }
  if (fs::is_directory(status) && access(path.c_str(), R_OK | X_OK) != 0) {
    refuse(settings, std::generic_category().message(errno));
  }
  return storage::ResultsFolder(path);
}

storage::ResultsFolder existing_results_folder(const Settings& settings) {
  storage::ResultsFolder folder = results_folder(settings);
  if (!fs::is_directory(folder.root())) {
    throw storage::StorageError(storage::StorageFault::kMissing,
                                folder.root(),
                                "open results folder " + described(settings) +
                                    ": no such folder; nothing is there yet, or --results should "
                                    "name another");
  }
  return folder;
}

}  // namespace glimpse::launcher
