#include "storage/files/lock_holder.h"

#include <array>
#include <ctime>
#include <sstream>

#include <unistd.h>

namespace glimpse::storage {

LockHolder make_lock_holder() {
  LockHolder holder;
  std::array<char, 256> text{};
  if (::gethostname(text.data(), text.size() - 1) == 0) {
    holder.host = text.data();
  }
  holder.pid = ::getpid();
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  holder.started =
      std::string(text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &utc));
  return holder;
}

std::string render_lock_holder(const LockHolder& holder) {
  return holder.host + " " + std::to_string(holder.pid) + " " + holder.started + "\n";
}

LockHolder parse_lock_holder(std::string_view text) {
  std::istringstream words{std::string(text)};
  LockHolder holder;
  LockHolder read;
  if (words >> read.host >> read.pid >> read.started) {
    holder = read;
  }
  return holder;
}

}  // namespace glimpse::storage
