#pragma once

// Which HDF5 library is linked, as it tells itself: "1.10.8".

#include <string>

namespace glimpse::storage {

std::string hdf5_version();

}  // namespace glimpse::storage
