#pragma once

// The coordinator's end of the spool: what people said to it since it was asked last. Polled, since
// nothing but files works between hosts; a poll of an empty folder takes microseconds.
//
// Nothing that lies in the folder can harm its reader: files that are no commands are left alone,
// links and pipes included; a command that cannot be understood, or was given before the
// coordinator started, is refused and named. A command that poll() gave is gone from the folder, so
// it is never given twice, also not to the next coordinator. One thread. Nothing here throws after
// the constructor: a spool that fails must not stop a study.

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "launcher/spool/spool_command.h"

namespace glimpse::launcher {

// One command that waits for its answer.
struct SpoolRequest {
  std::string token;
  SpoolCommand command;
};

struct SpoolServerPorts {
  // One line for people about what was refused or failed.
  std::function<void(const std::string& line)> tell = [](const std::string&) {};
  // How long a reply stays that nobody fetches.
  std::chrono::milliseconds keep_replies = std::chrono::minutes(1);
};

class SpoolServer {
 public:
  // Makes the folder. Throws StorageError. The caller holds the lock of the results folder, and
  // makes the server right after it took it: commands older than this are refused.
  SpoolServer(std::filesystem::path folder, SpoolServerPorts ports);

  // In the order in which they were given, at most a few dozen at a time. Each must be answered
  // within 5 seconds.
  std::vector<SpoolRequest> poll();
  void reply(const SpoolRequest& request, experiments::ExitCode exit, const std::string& text);

 private:
  struct Waiting {
    std::filesystem::file_time_type time;
    std::string token;
  };
  std::vector<Waiting> list();
  void take(const Waiting& waiting, std::vector<SpoolRequest>& requests);
  void refuse(const std::string& token, const std::string& why);
  void send(const std::string& token, const SpoolReply& reply);
  void refresh();
  void clean();
  void complain(const std::string& line);

  std::filesystem::path folder_;
  SpoolServerPorts ports_;
  bool is_network_;
  std::filesystem::file_time_type started_;
  std::chrono::steady_clock::time_point refreshed_;
  std::chrono::steady_clock::time_point cleaned_;
  bool has_litter_ = true;
  std::string complaint_;  // the last one: a folder that cannot be read is told of once
};

}  // namespace glimpse::launcher
