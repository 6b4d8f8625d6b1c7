#pragma once

// A lock for file systems without locks: a file that its holder touches every few seconds. Who
// finds it untouched for the limit may take it over. Ages are taken from the file server's own
// clock (a file is made to learn it), so the clocks of hosts need not agree.
//
// Weaker than a kernel's lock: a holder that was stopped for longer than the limit has lost it and
// learns so at its next beat, from is_held().

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "storage/files/lock_holder.h"

namespace glimpse::storage {

inline constexpr std::chrono::milliseconds kHeartbeatLimit = std::chrono::seconds(30);

// Owns a thread that beats three times within the limit. Not movable, because that thread knows it.
class Heartbeat {
 public:
  // Null when the file at `path` is somebody's that still beats.
  [[nodiscard]] static std::unique_ptr<Heartbeat> try_start(const std::filesystem::path& path,
                                                            std::chrono::milliseconds limit);
  // Removes the file, so that the next one need not wait.
  ~Heartbeat();
  Heartbeat(const Heartbeat&) = delete;
  Heartbeat& operator=(const Heartbeat&) = delete;
  Heartbeat(Heartbeat&&) = delete;
  Heartbeat& operator=(Heartbeat&&) = delete;

  [[nodiscard]] bool is_held() const { return is_held_; }

 private:
  Heartbeat(std::filesystem::path path, std::string text, std::chrono::milliseconds limit);
  void beat(const std::stop_token& stop);
  [[nodiscard]] bool is_ours() const noexcept;

  std::filesystem::path path_;
  std::string text_;  // differs from that of every other holder
  std::chrono::milliseconds limit_;
  std::atomic<bool> is_held_ = true;
  std::jthread thread_;  // last, so that it ends before what it uses
};

// Who beats at `path`; nothing when the file is missing or its limit has passed. Makes no file, so
// it goes by this host's clock.
[[nodiscard]] std::optional<LockHolder> find_heartbeat(const std::filesystem::path& path,
                                                       std::chrono::milliseconds limit);

}  // namespace glimpse::storage
