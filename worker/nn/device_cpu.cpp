#include <fstream>
#include <string>

#include <ATen/Version.h>
#include <unistd.h>

#include "worker/device.h"

namespace glimpse::worker {

std::string device_kind() {
  return "cpu";
}

std::vector<Device> list_devices() {
  const auto pages = static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES));
  const auto page_bytes = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  // LibTorch picks its kernels by instruction set, so that is the processor's model to us.
  return {{.name = "cpu",
           .model = at::get_cpu_capability(),
           .uuid = "",
           .memory_bytes = pages * page_bytes}};
}

// The kernel keeps the mark; see proc(5), clear_refs. Where it may not be reset, it is that of the
// process's whole life.
void forget_peak_memory(const std::string& /*device*/) {
  std::ofstream("/proc/self/clear_refs") << "5";
}

std::uint64_t peak_memory(const std::string& /*device*/) {
  std::ifstream status("/proc/self/status");
  std::string word;
  while (status >> word && word != "VmHWM:") {
  }
  std::uint64_t kib = 0;
  status >> kib;
  return kib * 1024;
}

}  // namespace glimpse::worker
