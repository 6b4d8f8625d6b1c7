#pragma once

// Which SQLite library is linked, as it tells itself: "3.40.1".

#include <string>

namespace glimpse::storage {

std::string sqlite_version();

}  // namespace glimpse::storage
