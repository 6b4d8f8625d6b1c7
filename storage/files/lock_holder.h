#pragma once

// Who holds a lock, as one line of text: "<host> <pid> <start time>".

#include <cstdint>
#include <string>
#include <string_view>

namespace glimpse::storage {

struct LockHolder {
  std::string host = "unknown";
  std::int64_t pid = 0;
  std::string started = "unknown";  // UTC, "2026-01-02T03:04:05Z"
};

// This process, now.
[[nodiscard]] LockHolder make_lock_holder();
[[nodiscard]] std::string render_lock_holder(const LockHolder& holder);
// What is not there or not readable stays unknown: the text is for people.
[[nodiscard]] LockHolder parse_lock_holder(std::string_view text);

}  // namespace glimpse::storage
