#pragma once

// The devices a worker can train on. Which ones there are is decided by the linker: glimpse-worker
// is linked with the CPU's side of this seam, glimpse-worker-cuda with CUDA's. May be called from
// any thread.

#include <cstdint>
#include <string>
#include <vector>

namespace glimpse::worker {

struct Device {
  std::string name;                // what --device takes: "cpu", "cuda:0"
  std::string model;               // as its maker calls it
  std::string uuid;                // "" where the device has none
  std::uint64_t memory_bytes = 0;  // all of it, not what is free
};

// "cpu" or "cuda": what the devices of this worker are.
std::string device_kind();

// Every device of this kind of worker that can be used now, in the order of their numbers.
std::vector<Device> list_devices();

// The most of the device's memory that this process has held at once since it was told to forget.
void forget_peak_memory(const std::string& device);
std::uint64_t peak_memory(const std::string& device);

}  // namespace glimpse::worker
