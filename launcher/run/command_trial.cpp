#include "launcher/run/command_trial.h"

namespace glimpse::launcher {
namespace {

std::map<std::string, std::string, std::less<>> placeholder_values(
    const experiments::StartCommand& start) {
  std::map<std::string, std::string, std::less<>> values;
  for (const auto& [name, value] : start.parameters) {
    values.emplace(name, experiments::render_plain(value));
  }
  values["seed"] = std::to_string(start.seed);
  values["run_id"] = start.attempt.run;
  values["attempt"] = std::to_string(start.attempt.number);
  return values;
}

// A member sees the GPUs of its slots and no others; on cores, none.
std::string visible_devices(const std::vector<int>& gpus, int members, int rank) {
  const std::size_t each = gpus.size() / static_cast<std::size_t>(members);
  std::string devices;
  for (std::size_t i = 0; i < each; ++i) {
    devices +=
        (i > 0 ? "," : "") + std::to_string(gpus.at(static_cast<std::size_t>(rank) * each + i));
  }
  return devices;
}

}  // namespace

std::string fill_placeholders(std::string_view text,
                              const std::map<std::string, std::string, std::less<>>& values) {
  std::string filled;
  while (!text.empty()) {
    const std::size_t open = text.find('{');
    filled += text.substr(0, open);
    if (open == std::string_view::npos) {
      break;
    }
    text.remove_prefix(open);
    const std::size_t close = text.find('}');
    const auto value =
        close == std::string_view::npos ? values.end() : values.find(text.substr(1, close - 1));
    filled += value == values.end() ? "{" : value->second;
    text.remove_prefix(value == values.end() ? 1 : close + 1);
  }
  return filled;
}

std::vector<std::string> fill_command(const std::vector<std::string>& command,
                                      const experiments::StartCommand& start) {
  const auto values = placeholder_values(start);
  std::vector<std::string> filled;
  filled.reserve(command.size());
  for (const std::string& argument : command) {
    filled.push_back(fill_placeholders(argument, values));
  }
  return filled;
}

std::vector<std::string> command_environment(const Job& job, int rank, const CommandPlace& place) {
  const experiments::StartCommand& start = job.start;
  std::vector<std::string> added = {
      "GLIMPSE_FD=" + std::to_string(kCommandRecords),
      "GLIMPSE_RUN_ID=" + start.attempt.run,
      "GLIMPSE_RUN_DIR=" + place.run_folder.string(),
      "GLIMPSE_ATTEMPT=" + std::to_string(start.attempt.number),
      "GLIMPSE_SEED=" + std::to_string(start.seed),
      "CUDA_VISIBLE_DEVICES=" + visible_devices(place.gpus, job.members, rank)};
  if (job.members > 1) {
    added.insert(added.end(),
                 {"RANK=" + std::to_string(rank),
                  "WORLD_SIZE=" + std::to_string(job.members),
                  "LOCAL_RANK=" + std::to_string(rank),
                  "MASTER_ADDR=127.0.0.1",
                  "MASTER_PORT=" + std::to_string(place.master_port)});
  }
  return added;
}

}  // namespace glimpse::launcher
