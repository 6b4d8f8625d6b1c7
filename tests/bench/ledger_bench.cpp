// How many planned trials per second go into the ledger, new ones and known ones.

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "storage/sqlite/results_store.h"
#include "tests/storage/sqlite/samples.h"
#include "tests/support/temp_dir.h"

int main(int argc, char** argv) {
  using namespace glimpse;
  using Clock = std::chrono::steady_clock;
  const std::size_t trials = argc > 1 ? static_cast<std::size_t>(std::atoll(argv[1])) : 200'000;
  const tests::TempDir folder;
  storage::ResultsStore store(folder / "glimpse.db");
  const tests::SamplePlan plan(trials, 0, 5);
  for (const char* what : {"new", "known"}) {
    const auto start = Clock::now();
    const std::clock_t cpu = std::clock();
    store.ledger().add_plan(tests::sample_study(), plan.entries(), 1);
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    const double cpu_seconds = static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC;
    std::printf("%zu %s trials planned in %.2f s (%.2f s of CPU): %.0f trials/s (target 50000)\n",
                trials,
                what,
                seconds,
                cpu_seconds,
                static_cast<double>(trials) / seconds);
  }
  const auto start = Clock::now();
  const auto study = store.reader().find_study("table1").value().study;
  const auto pending = store.reader().trials(study, storage::TrialState::kPending);
  std::printf("%zu pending trials read in %.2f s\n",
              pending.size(),
              std::chrono::duration<double>(Clock::now() - start).count());
  return 0;
}
