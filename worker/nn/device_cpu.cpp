#include <ATen/Version.h>
#include <unistd.h>

#include "worker/device.h"

namespace glimpse::worker {

std::vector<Device> list_devices() {
  const auto pages = static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES));
  const auto page_bytes = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  // LibTorch picks its kernels by instruction set, so that is the processor's model to us.
  return {{.name = "cpu",
           .model = at::get_cpu_capability(),
           .uuid = "",
           .memory_bytes = pages * page_bytes}};
}

}  // namespace glimpse::worker
