#include "launcher/cores.h"

#include <algorithm>

#include <sched.h>
#include <unistd.h>

namespace glimpse::launcher {
namespace {

cpu_set_t own_cores() {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  if (sched_getaffinity(0, sizeof cores, &cores) != 0) {
    CPU_SET(0, &cores);
  }
  return cores;
}

}  // namespace

int available_cores() {
  const cpu_set_t cores = own_cores();
  return std::max(1, CPU_COUNT(&cores));
}

int nth_core(int n) {
  const cpu_set_t cores = own_cores();
  int core = 0;
  for (int seen = 0; core < CPU_SETSIZE; ++core) {
    if (CPU_ISSET(static_cast<unsigned>(core), &cores) && seen++ == n) {
      break;
    }
  }
  return core;
}

std::uint64_t physical_memory() {
  const long pages = sysconf(_SC_PHYS_PAGES);
  const long page = sysconf(_SC_PAGESIZE);
  return pages > 0 && page > 0
             ? static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page)
             : 0;
}

}  // namespace glimpse::launcher
