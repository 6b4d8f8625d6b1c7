#pragma once

// Which device a worker trains on, and what it says where that cannot be. Pure functions.

#include <span>
#include <string>

#include "worker/device.h"

namespace glimpse::worker {

// The program that trains on devices of a kind: glimpse-worker, or glimpse-worker-cuda.
std::string program_for(const std::string& kind);

// The device that --device names: "cuda:1", or "cuda" for the first. `devices` and `kind` are what
// this program has (device.h). Throws TrainError of class cuda with one line that says why there is
// none and what to do.
const Device& pick_device(std::span<const Device> devices,
                          const std::string& kind,
                          const std::string& name);

}  // namespace glimpse::worker
