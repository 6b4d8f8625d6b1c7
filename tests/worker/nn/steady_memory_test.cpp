// After a warm-up a step costs no page faults and the process does not grow: what a step allocates
// is what the step before gave back.

#include <algorithm>
#include <fstream>
#include <numeric>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/worker/nn/tiny_data.h"
#include "worker/nn/torch_engine.h"
#include "worker/nn/torch_runtime.h"

namespace glimpse::worker {
namespace {

long minor_faults() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_minflt;
}

long resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  long size = 0;
  long resident = 0;
  statm >> size >> resident;
  return resident * sysconf(_SC_PAGESIZE);
}

void step(Engine& engine, std::uint32_t number) {
  std::vector<std::uint32_t> samples(8);
  std::iota(samples.begin(), samples.end(), number % 15 * 8);
  engine.train_step(samples);
}

TEST(SteadyMemory, NeitherGrowsNorFaults) {
  prepare_torch(1);
  const MadeData data(tiny_spec());
  for (const char* const model : {"rnn-spn", "ffn-spn", "conv"}) {
    const auto engine =
        make_torch_engine({.parameters = tiny_parameters(
                               model, {{"filters", 8.0}, {"dense", 32.0}, {"dropout", 0.3}}),
                           .shape = experiments::image_shape(data.spec()),
                           .splits = data.splits()});
    engine->set_rates({.epoch = 9, .learning_rate = 1e-4, .dropout = 0.3});
    for (std::uint32_t number = 0; number < 200; ++number) {
      step(*engine, number);
    }
    const long before = resident_bytes();
    std::vector<long> faults;
    for (std::uint32_t number = 0; number < 1000; ++number) {
      const long first = minor_faults();
      step(*engine, number);
      faults.push_back(minor_faults() - first);
    }
    std::ranges::nth_element(faults, faults.begin() + 500);
    EXPECT_EQ(faults[500], 0) << model << ": faults of the median step";
    // A page or two may come from the C library's own tables.
    EXPECT_LE(resident_bytes() - before, 64 * 1024) << model << ": bytes grown in 1,000 steps";
  }
}

}  // namespace
}  // namespace glimpse::worker
