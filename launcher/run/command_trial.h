#pragma once

// How a trial of somebody else's program is started. Pure.

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/value.h"
#include "launcher/transport/job.h"

namespace glimpse::launcher {

// "{name}" becomes the value of that name; all other text stays, braces included.
std::string fill_placeholders(std::string_view text,
                              const std::map<std::string, std::string, std::less<>>& values);

// The study's command for one attempt. Parameters come as plain text: 0.5, rnn-spn, true.
std::vector<std::string> fill_command(const std::vector<std::string>& command,
                                      const experiments::StartCommand& start);

struct CommandPlace {
  std::filesystem::path run_folder = {};  // the program's own, whatever the attempt
  std::vector<int> gpus = {};  // of the job's slots, in their order; none where it has cores
  int master_port = 0;         // of a gang: where its members meet
};

// NAME=value, added to the environment of member `rank` of the job.
std::vector<std::string> command_environment(const Job& job, int rank, const CommandPlace& place);

// The descriptor that a command writes records to.
inline constexpr int kCommandRecords = 3;

}  // namespace glimpse::launcher
