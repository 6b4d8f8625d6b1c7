// glimpse-worker: the process that trains. `info` says what it would train with.

#include <cstdio>
#include <exception>
#include <string>
#include <string_view>

#include "experiments/json_writer.h"
#include "worker/device.h"
#include "worker/nn/torch_info.h"

namespace glimpse::worker {
namespace {

std::string render_info_json() {
  const TorchInfo torch = torch_info();
  experiments::JsonWriter json;
  json.begin_object();
  json.key("version").integer(1);
  json.key("glimpse").string(GLIMPSE_VERSION);
  json.key("torch").string(torch.version);
  json.key("threads").integer(torch.threads);
  json.key("parallel").string(torch.parallel);
  json.key("devices").begin_array();
  for (const Device& device : list_devices()) {
    json.begin_object();
    json.key("name").string(device.name);
    json.key("model").string(device.model);
    json.key("uuid").string(device.uuid);
    json.key("memory_bytes").integer(static_cast<std::int64_t>(device.memory_bytes));
    json.end_object();
  }
  json.end_array().end_object();
  return json.text() + "\n";
}

std::string render_info() {
  const TorchInfo torch = torch_info();
  std::string text = "glimpse-worker " GLIMPSE_VERSION ", LibTorch " + torch.version + ", " +
                     std::to_string(torch.threads) + " threads (" + torch.parallel + ")\n";
  const std::vector<Device> devices = list_devices();
  for (const Device& device : devices) {
    text += device.name + "  " + device.model + "  " + std::to_string(device.memory_bytes >> 30) +
            " GiB  " + device.uuid + "\n";
  }
  return devices.empty() ? text + "no device\n" : text;
}

constexpr std::string_view kUsage =
    "glimpse-worker info          what this worker trains with\n"
    "glimpse-worker info --json   the same for programs\n";

int run(int argc, char** argv) {
  const std::string_view verb = argc > 1 ? argv[1] : "";
  const std::string_view option = argc > 2 ? argv[2] : "";
  if (verb == "info" && argc <= 3 && (option.empty() || option == "--json")) {
    std::fputs((option.empty() ? render_info() : render_info_json()).c_str(), stdout);
    return 0;
  }
  const bool asked = verb == "--help" || verb == "-h";
  std::fputs(std::string(kUsage).c_str(), asked ? stdout : stderr);
  return asked ? 0 : 2;
}

}  // namespace
}  // namespace glimpse::worker

int main(int argc, char** argv) {
  try {
    return glimpse::worker::run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "glimpse-worker: %s\n", error.what());
    return 1;
  }
}
