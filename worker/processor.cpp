#include "worker/processor.h"

#include <ctime>

#include <sched.h>

namespace glimpse::worker {
namespace {

double read_clock(clockid_t clock) {
  constexpr double kNanosecond = 1e-9;
  timespec time{};
  ::clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * kNanosecond;
}

}  // namespace

void stay_on_this_core() {
  const int core = ::sched_getcpu();
  if (core < 0 || core >= CPU_SETSIZE) {
    return;
  }
  cpu_set_t cores;
  CPU_ZERO(&cores);
  CPU_SET(static_cast<std::size_t>(core), &cores);
  static_cast<void>(::sched_setaffinity(0, sizeof cores, &cores));
}

Spent spent_so_far() {
  return {.wall_s = read_clock(CLOCK_MONOTONIC), .cpu_s = read_clock(CLOCK_PROCESS_CPUTIME_ID)};
}

}  // namespace glimpse::worker
