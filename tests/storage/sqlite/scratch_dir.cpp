#include "tests/storage/sqlite/scratch_dir.h"

#include <stdexcept>
#include <string>
#include <system_error>

#include <stdlib.h>
#include <unistd.h>

namespace glimpse::tests {

ScratchDir::ScratchDir() {
  const bool has_memory = ::access("/dev/shm", W_OK) == 0;
  const std::filesystem::path place =
      has_memory ? std::filesystem::path("/dev/shm") : std::filesystem::temp_directory_path();
  std::string name = (place / "glimpse-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    throw std::runtime_error("cannot make a folder like " + name);
  }
  path_ = name;
}

ScratchDir::~ScratchDir() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace glimpse::tests
