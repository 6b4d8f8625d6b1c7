// How long people wait for `status`, `check`, `report` and `compare`, and how much memory each
// takes, in results of 10,000 trials with 300 epochs each: two studies of the same trials, one of
// which prints all configurations while the other selects among them.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <sys/resource.h>
#include <sys/wait.h>

#include "storage/files/run_folder.h"
#include "storage/sqlite/results_store.h"
#include "tests/integration/glimpse_runner.h"
#include "tests/launcher/stored_study.h"

namespace {

using namespace glimpse;  // NOLINT(google-build-using-namespace): a program of one file

constexpr std::int64_t kEpochs = 300;
constexpr std::size_t kSeeds = 5;
constexpr double kMemoryLimitMb = 500;

std::string study_text(const std::string& name, const std::string& table) {
  return R"({"name": ")" + name + R"(", "kind": "command", "command": ["true", "{a}", "{b}", "{c}"],
    "metric": {"name": "loss"}, "seeds": 5,
    "parameters": {
      "a": {"values": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]},
      "b": {"values": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]},
      "c": {"values": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]}})" +
         table + "}";
}

// Falls with the epochs, differs from run to run, and is the same each time.
double loss_of(std::size_t run, std::int64_t epoch) {
  constexpr std::size_t kSpread = 97;
  const auto noise = static_cast<double>(run * 7919 % kSpread) / kSpread;
  return 1 + static_cast<double>(run / kSeeds % 10) + noise + 10 / static_cast<double>(epoch);
}

void make_results(const tests::GlimpseRunner& glimpse) {
  launcher::Settings settings;
  settings.results = {glimpse.results().string(), "bench"};
  const storage::ResultsFolder folder(settings.results_dir());
  std::filesystem::create_directories(folder.studies());
  const std::string flat = glimpse.folder() / "flat.json";
  const std::string chosen = glimpse.folder() / "chosen.json";
  storage::ResultsStore store(folder.database());
  tests::save_bytes(flat, study_text("flat", ""));
  tests::complete_trials(tests::store_study(flat, settings, store), kEpochs, loss_of, store);
  const std::string table = R"(, "table": {"metric": "loss", "rows": "a", "columns": "b",
    "select": {"best": "loss", "over": ["c"], "seeds": 5}})";
  tests::save_bytes(chosen, study_text("chosen", table));
  tests::store_study(chosen, settings, store);
  store.database().close_cleanly();
}

struct Limit {
  std::vector<std::string> words;
  double milliseconds = 0;
};

struct Cost {
  double milliseconds = 0;
  double processor = 0;  // milliseconds of it: what a machine that does other things cannot change
  double megabytes = 0;
};

double milliseconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
}

// Of this one child, which getrusage would not tell from the largest before it.
Cost measure(const tests::GlimpseRunner& glimpse, const std::vector<std::string>& words) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  const pid_t child = glimpse.start(words);
  int status = 0;
  rusage used{};
  wait4(child, &status, 0, &used);
  const auto time = Clock::now() - start;
  constexpr int kMostUsual = 5;  // check's codes tell verdicts
  if (!WIFEXITED(status) || WEXITSTATUS(status) > kMostUsual) {
    std::fprintf(stderr, "glimpse %s: status %d\n", words.front().c_str(), status);
    std::exit(1);
  }
  return {std::chrono::duration<double, std::milli>(time).count(),
          milliseconds_of(used.ru_utime) + milliseconds_of(used.ru_stime),
          static_cast<double>(used.ru_maxrss) / 1024};
}

void print(const tests::GlimpseRunner& glimpse, const Limit& limit) {
  constexpr int kTimes = 5;
  std::vector<double> times;
  std::vector<double> processor;
  double megabytes = 0;
  for (int i = 0; i < kTimes; ++i) {
    const Cost cost = measure(glimpse, limit.words);
    times.push_back(cost.milliseconds);
    processor.push_back(cost.processor);
    megabytes = std::max(megabytes, cost.megabytes);
  }
  std::sort(times.begin(), times.end());
  std::sort(processor.begin(), processor.end());
  std::string line = "glimpse";
  for (const std::string& word : limit.words) {
    line += ' ' + word;
  }
  std::printf(
      "%-28s median %4.0f ms, fastest %4.0f ms, %4.0f ms of the processor (limit %.0f),"
      " %3.0f MB (limit %.0f)\n",
      line.c_str(),
      times[kTimes / 2],
      times.front(),
      processor[kTimes / 2],
      limit.milliseconds,
      megabytes,
      kMemoryLimitMb);
  std::fflush(stdout);
}

}  // namespace

int main() {
  const tests::GlimpseRunner glimpse;
  make_results(glimpse);
  for (const Limit& limit : {Limit{{"status"}, 100},
                             Limit{{"check", "flat"}, 300},
                             Limit{{"check", "chosen"}, 300},
                             Limit{{"report", "flat"}, 3000},
                             Limit{{"report", "chosen"}, 3000},
                             Limit{{"compare", "flat", "chosen"}, 3000}}) {
    print(glimpse, limit);
  }
  return 0;
}
