// How long `glimpse status` takes, as a person waits for it, in results of many trials.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "storage/sqlite/results_store.h"
#include "storage/sqlite/transaction.h"
#include "tests/integration/glimpse_runner.h"
#include "tests/storage/sqlite/samples.h"

namespace {

using namespace glimpse;  // NOLINT(google-build-using-namespace): a program of one file

constexpr std::int64_t kEpochs = 50;

// Of every ten trials one failed once before; of all, eight run now.
void fill(storage::ResultsStore& store, const std::vector<storage::TrialFacts>& trials) {
  storage::Transaction transaction(store.database());
  constexpr std::size_t kRunning = 8;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    const auto start = [&] {
      return store.ledger().start_attempt(trials[i].trial, {"node1", 0}, 1).attempt;
    };
    if (i % 10 == 0) {
      store.ingest().ingest(start(), 1, 2, storage::FailedRecord{"oom", "out of memory"});
    }
    const storage::AttemptId attempt = start();
    std::int64_t number = 0;
    for (std::int64_t epoch = 1; epoch <= (i % 100 == 0 ? kEpochs : 1); ++epoch) {
      const double value = 100.0 / static_cast<double>(epoch);
      store.ingest().ingest(
          attempt, ++number, 3, storage::EpochRecord{epoch, {{"valid_error", value}}, {}, ""});
    }
    if (i + kRunning < trials.size()) {
      store.ingest().ingest(attempt, ++number, 4, storage::FinishedRecord{});
    }
  }
  transaction.commit();
}

}  // namespace

int main(int argc, char** argv) {
  using Clock = std::chrono::steady_clock;
  const std::size_t count = argc > 1 ? static_cast<std::size_t>(std::atoll(argv[1])) : 10'000;
  const tests::GlimpseRunner glimpse;
  std::filesystem::create_directories(glimpse.results());
  {
    storage::ResultsStore store(glimpse.results() / "glimpse.db");
    const tests::SamplePlan plan(count, 0, 5);
    const auto study = store.ledger().add_plan(tests::sample_study(), plan.entries(), 1).study;
    fill(store, store.reader().trials(study));
    store.database().close_cleanly();
  }
  std::vector<double> milliseconds;
  for (int i = 0; i < 20; ++i) {
    const auto start = Clock::now();
    const tests::RunResult result = glimpse.run({"status"});
    milliseconds.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
    if (result.status != 0 || result.out.find("node1") == std::string::npos) {
      std::fputs(result.err.c_str(), stderr);
      return 1;
    }
  }
  std::sort(milliseconds.begin(), milliseconds.end());
  std::printf(
      "glimpse status, %zu trials: median %.0f ms, fastest %.0f ms, slowest %.0f ms "
      "(limit 100)\n",
      count,
      milliseconds[milliseconds.size() / 2],
      milliseconds.front(),
      milliseconds.back());
  return 0;
}
