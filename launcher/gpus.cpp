#include "launcher/gpus.h"

#include <charconv>
#include <optional>

#include "experiments/json/json_document.h"
#include "launcher/child_program.h"
#include "launcher/transport/launch_error.h"

namespace glimpse::launcher {
namespace {

using experiments::JsonItems;
using experiments::JsonMembers;
using experiments::JsonNode;

// Starting CUDA on a node of many GPUs takes seconds.
constexpr double kPatienceSeconds = 120;

[[noreturn]] void refuse(const std::string& why) {
  throw LaunchError(experiments::ExitCode::kUnavailable,
                    "list GPUs: " + why + " (see 'glimpse-worker-cuda info')");
}

std::string text_of(const JsonMembers& device, std::string_view key) {
  const JsonNode* const found = experiments::find_member(device, key);
  const auto* const text = found == nullptr ? nullptr : std::get_if<std::string>(&found->value);
  if (text == nullptr) {
    refuse("a device without its " + std::string(key));
  }
  return *text;
}

// The n of "cuda:n"; nothing for other kinds of devices.
std::optional<int> cuda_index(std::string_view name) {
  constexpr std::string_view kKind = "cuda:";
  int index = 0;
  if (!name.starts_with(kKind)) {
    return std::nullopt;
  }
  name.remove_prefix(kKind.size());
  const auto end = std::from_chars(name.data(), name.data() + name.size(), index);
  return end.ec == std::errc() ? std::optional(index) : std::nullopt;
}

}  // namespace

std::vector<Gpu> parse_gpus(std::string_view info) {
  experiments::IssueList issues;
  const std::optional<JsonNode> root = experiments::parse_json(info, issues);
  const auto* const members = root ? std::get_if<JsonMembers>(&root->value) : nullptr;
  const JsonNode* const devices =
      members == nullptr ? nullptr : experiments::find_member(*members, "devices");
  const auto* const list = devices == nullptr ? nullptr : std::get_if<JsonItems>(&devices->value);
  if (list == nullptr) {
    refuse("the worker does not tell its devices");
  }
  std::vector<Gpu> gpus;
  for (const JsonNode& node : *list) {
    const auto* const device = std::get_if<JsonMembers>(&node.value);
    if (device == nullptr) {
      refuse("a device that is no object");
    }
    if (const auto index = cuda_index(text_of(*device, "name"))) {
      gpus.push_back({*index, text_of(*device, "model"), text_of(*device, "uuid")});
    }
  }
  return gpus;
}

std::vector<Gpu> list_gpus(const std::filesystem::path& worker) {
  if (!std::filesystem::exists(worker)) {
    return {};
  }
  const ChildResult result = capture_program({worker.string(), "info", "--json"}, kPatienceSeconds);
  if (result.status != 0) {
    refuse(worker.string() + " ended with " + std::to_string(result.status));
  }
  return parse_gpus(result.output);
}

std::string describe_gpus(const std::vector<Gpu>& gpus) {
  std::string text;
  for (const Gpu& gpu : gpus) {
    text += (text.empty() ? "" : ", ") + gpu.model + " " + gpu.uuid;
  }
  return text;
}

Share deal(std::size_t count, std::size_t place, std::size_t sharers) {
  const std::size_t first = count * place / sharers;
  return {first, count * (place + 1) / sharers - first};
}

Share share_of_gpus(const std::vector<std::string>& seen,
                    const std::vector<int>& nodes,
                    std::size_t rank,
                    std::size_t count) {
  std::size_t place = 0;
  std::size_t sharers = 1;
  for (std::size_t other = 0; other < seen.size(); ++other) {
    if (other != rank && nodes.at(other) == nodes.at(rank) && seen[other] == seen.at(rank)) {
      place += other < rank ? 1 : 0;
      ++sharers;
    }
  }
  return deal(count, place, sharers);
}

}  // namespace glimpse::launcher
