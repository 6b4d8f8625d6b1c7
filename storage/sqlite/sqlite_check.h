#pragma once

// The one place where SQLite's result codes become exceptions. Every call into the library passes
// through `check_sqlite`, or hands its code to `throw_sqlite` where a code other than OK is good.

#include <filesystem>
#include <string_view>

struct sqlite3;

namespace glimpse::storage {

// `what` is what was tried: "read results", "commit". `handle` may be null when opening failed.
[[noreturn]] void throw_sqlite(int code,
                               sqlite3* handle,
                               const std::filesystem::path& path,
                               std::string_view what);

void check_sqlite(int code,
                  sqlite3* handle,
                  const std::filesystem::path& path,
                  std::string_view what);

}  // namespace glimpse::storage
