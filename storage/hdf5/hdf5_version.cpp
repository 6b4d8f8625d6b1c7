#include "storage/hdf5/hdf5_version.h"

#include <hdf5.h>

namespace glimpse::storage {

std::string hdf5_version() {
  unsigned major = 0;
  unsigned minor = 0;
  unsigned release = 0;
  // Fails only where the library could not be set up at all.
  if (H5get_libversion(&major, &minor, &release) < 0) {
    return "unknown";
  }
  return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(release);
}

}  // namespace glimpse::storage
