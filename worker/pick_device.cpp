#include "worker/pick_device.h"

#include <algorithm>

#include "worker/train_error.h"

namespace glimpse::worker {
namespace {

std::string kind_of(const std::string& name) {
  return name.substr(0, name.find(':'));
}

std::string why_none(std::span<const Device> devices,
                     const std::string& kind,
                     const std::string& name) {
  const std::string wanted = kind_of(name);
  if (wanted != kind && (wanted == "cpu" || wanted == "cuda")) {
    return program_for(wanted) + " is the program for it";
  }
  if (wanted == kind && devices.empty()) {
    return "there is no GPU here, or no driver for it";
  }
  return "there is none here ('" + program_for(kind) + " info' lists them)";
}

}  // namespace

std::string program_for(const std::string& kind) {
  return kind == "cpu" ? "glimpse-worker" : "glimpse-worker-" + kind;
}

const Device& pick_device(std::span<const Device> devices,
                          const std::string& kind,
                          const std::string& name) {
  const auto found = std::ranges::find_if(
      devices, [&](const Device& device) { return name == kind || name == device.name; });
  if (found == devices.end()) {
    throw TrainError(experiments::FaultClass::kCuda,
                     "use device '" + name + "': " + why_none(devices, kind, name));
  }
  return *found;
}

}  // namespace glimpse::worker
