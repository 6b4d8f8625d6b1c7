#include "storage/sqlite/sqlite_version.h"

#include <sqlite3.h>

namespace glimpse::storage {

std::string sqlite_version() {
  return sqlite3_libversion();
}

}  // namespace glimpse::storage
