#include "launcher/study_text.h"

#include <filesystem>

#include "experiments/hash/sha256.h"
#include "storage/files/atomic_file.h"
#include "storage/files/file_io.h"

namespace glimpse::launcher {

std::string store_study_text(const LoadedStudy& loaded, const storage::ResultsFolder& folder) {
  constexpr std::size_t kHashDigits = 32;
  std::string hash = experiments::hex(experiments::sha256(loaded.text)).substr(0, kHashDigits);
  const std::filesystem::path file = folder.study_file(hash);
  if (!std::filesystem::exists(file)) {
    storage::make_folders(file.parent_path());
    storage::write_file_atomically(file, loaded.text);
  }
  return hash;
}

}  // namespace glimpse::launcher
