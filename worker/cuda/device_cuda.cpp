#include <array>
#include <cstdio>
#include <stdexcept>

#include <c10/cuda/CUDACachingAllocator.h>
#include <cuda_runtime_api.h>

#include "worker/device.h"

namespace glimpse::worker {
namespace {

void check(cudaError_t rc, const char* what) {
  if (rc != cudaSuccess) {
    throw std::runtime_error(std::string(what) + ": " + cudaGetErrorString(rc));
  }
}

// As nvidia-smi prints it: GPU-xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx.
std::string render_uuid(const cudaUUID_t& uuid) {
  std::string text = "GPU";
  for (std::size_t i = 0; i < sizeof uuid.bytes; ++i) {
    if (i == 0 || i == 4 || i == 6 || i == 8 || i == 10) {
      text += '-';
    }
    std::array<char, 3> digits{};
    std::snprintf(digits.data(), digits.size(), "%02x", static_cast<unsigned char>(uuid.bytes[i]));
    text += digits.data();
  }
  return text;
}

Device describe(int index) {
  cudaDeviceProp properties{};
  check(cudaGetDeviceProperties(&properties, index), "read a GPU's properties");
  return {.name = "cuda:" + std::to_string(index),
          .model = properties.name,
          .uuid = render_uuid(properties.uuid),
          .memory_bytes = properties.totalGlobalMem};
}

}  // namespace

std::vector<Device> list_devices() {
  int count = 0;
  const cudaError_t rc = cudaGetDeviceCount(&count);
  if (rc == cudaErrorNoDevice || rc == cudaErrorInsufficientDriver) {
    return {};  // a build machine: no GPU, or no driver at all
  }
  check(rc, "count the GPUs");
  std::vector<Device> devices;
  for (int index = 0; index < count; ++index) {
    devices.push_back(describe(index));
  }
  return devices;
}

void forget_peak_memory(const std::string& device) {
  c10::cuda::CUDACachingAllocator::resetPeakStats(c10::Device(device).index());
}

std::uint64_t peak_memory(const std::string& device) {
  const auto stats = c10::cuda::CUDACachingAllocator::getDeviceStats(c10::Device(device).index());
  return static_cast<std::uint64_t>(stats.reserved_bytes.at(0).peak);  // of all pools
}

}  // namespace glimpse::worker
