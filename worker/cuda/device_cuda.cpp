#include <array>
#include <cstdio>

#include <ATen/Context.h>
#include <ATen/cuda/CUDAContextLight.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAFunctions.h>

#include "worker/device.h"

namespace glimpse::worker {
namespace {

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

Device describe(c10::DeviceIndex index) {
  const cudaDeviceProp& properties = *at::cuda::getDeviceProperties(index);
  return {.name = "cuda:" + std::to_string(index),
          .model = properties.name,
          .uuid = render_uuid(properties.uuid),
          .memory_bytes = properties.totalGlobalMem};
}

c10::DeviceIndex index_of(const std::string& device) {
  return c10::Device(device).index();
}

}  // namespace

std::string device_kind() {
  return "cuda";
}

// None where there is no GPU or no driver. What else is wrong with them LibTorch warns of.
std::vector<Device> list_devices() {
  std::vector<Device> devices;
  for (c10::DeviceIndex index = 0; index < c10::cuda::device_count(); ++index) {
    devices.push_back(describe(index));
  }
  return devices;
}

// What an earlier trial needed and LibTorch kept is given back first, or it would count for the
// next one.
void forget_peak_memory(const std::string& device) {
  at::globalContext().lazyInitDevice(c10::DeviceType::CUDA);
  c10::cuda::CUDACachingAllocator::emptyCache();
  c10::cuda::CUDACachingAllocator::resetPeakStats(index_of(device));
}

std::uint64_t peak_memory(const std::string& device) {
  const auto stats = c10::cuda::CUDACachingAllocator::getDeviceStats(index_of(device));
  return static_cast<std::uint64_t>(stats.reserved_bytes.at(0).peak);  // of all pools
}

}  // namespace glimpse::worker
