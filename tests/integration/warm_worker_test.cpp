// One worker that trains many trials, one after the other, as an agent has it do.

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "experiments/json/record_json.h"
#include "experiments/model_table.h"
#include "tests/integration/glimpse_runner.h"
#include "tests/support/child_process.h"

namespace glimpse::tests {
namespace {

namespace fs = std::filesystem;

using experiments::Record;

// The first number of such a file of its process.
long proc_number(pid_t pid, const std::string& name, int skipped = 0) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/" + name);
  long number = 0;
  for (int i = 0; i <= skipped; ++i) {
    file >> number;
  }
  return number;
}

class WarmWorker {
 public:
  explicit WarmWorker(const GlimpseRunner& runner)
      : folder_(runner.folder()),
        dataset_(runner.build_dataset({"train=20", "valid=10", "test=10"})),
        // Descriptor 9 is one that somebody forgot to close.
        process_({"/bin/sh",
                  "-c",
                  "exec 3<&0 4>&1 9</etc/passwd >/dev/null 2>&1; exec " GLIMPSE_WORKER " serve"}) {}

  // Milliseconds of processor time from the command to the first batch: what a busy machine does
  // not stretch.
  double train(const std::string& model, int number) {
    experiments::StartCommand start{
        .attempt = {.run = std::string(32, 'a'), .number = number},
        .key = std::string(64, 'a'),
        .parameters = experiments::resolve(
            {{"model", model}, {"downsample", 3.0}, {"epochs", 1.0}, {"batch_size", 10.0}}),
        .seed = static_cast<std::uint64_t>(number),
        .dataset = dataset_,
        .folder = folder_ / ("attempt-" + std::to_string(number))};
    fs::create_directories(start.folder);
    const long before = proc_number(process_.pid(), "schedstat");
    process_.write(experiments::render_command(start) + "\n");
    read_until<experiments::StartedRecord>();
    const long started = proc_number(process_.pid(), "schedstat");
    read_until<experiments::FinishedRecord>();
    return static_cast<double>(started - before) / 1e6;
  }

  // What its descriptors stand for.
  [[nodiscard]] std::vector<std::string> descriptors() const {
    std::vector<std::string> targets;
    for (const auto& entry :
         fs::directory_iterator("/proc/" + std::to_string(process_.pid()) + "/fd")) {
      targets.push_back(fs::read_symlink(entry.path()));
    }
    return targets;
  }

  [[nodiscard]] double resident_mib() const {
    const long pages = proc_number(process_.pid(), "statm", 1);
    return static_cast<double>(pages * sysconf(_SC_PAGESIZE)) / (1 << 20);
  }

 private:
  template <typename Body>
  void read_until() {
    for (std::string line = process_.read_line(); !line.empty(); line = process_.read_line()) {
      const Record record = experiments::parse_record(line);
      if (std::holds_alternative<Body>(record.body)) {
        return;
      }
      ASSERT_FALSE(std::holds_alternative<experiments::FailedRecord>(record.body)) << line;
    }
    FAIL() << "the worker ended by itself";
  }

  fs::path folder_;
  std::string dataset_;
  ChildProcess process_;
};

TEST(WarmWorkerTest, StartsTheNextTrialAtOnceAndDoesNotGrowOverFifty) {
  const GlimpseRunner runner;
  WarmWorker worker(runner);
  const double cold_ms = worker.train("rnn-spn", 1);
  for (int number = 2; number <= 10; ++number) {
    worker.train("rnn-spn", number);
  }
  const double warm_mib = worker.resident_mib();
  std::vector<double> starts_ms;
  for (int number = 11; number <= 60; ++number) {
    starts_ms.push_back(worker.train("rnn-spn", number));
  }
  std::ranges::nth_element(starts_ms, starts_ms.begin() + 25);
  const double grown_mib = worker.resident_mib() - warm_mib;
  std::printf("cold start %.1f ms, warm %.1f ms; %.1f MiB, grown by %.2f MiB over 50 trials\n",
              cold_ms,
              starts_ms[25],
              warm_mib,
              grown_mib);
  EXPECT_LT(starts_ms[25], 50);
  // The heap settles by a page here and there; its weights, kept once in ten trials, would be 30.
  EXPECT_LT(grown_mib, 10);
}

TEST(WarmWorkerTest, OpensNoSocketAndKeepsNoDescriptorOfOthers) {
  const GlimpseRunner runner;
  WarmWorker worker(runner);
  worker.train("conv", 1);
  const std::vector<std::string> descriptors = worker.descriptors();
  EXPECT_GE(descriptors.size(), 5U);
  for (const std::string& target : descriptors) {
    EXPECT_FALSE(target.starts_with("socket:")) << target;
    EXPECT_NE(target, "/etc/passwd");
  }
}

}  // namespace
}  // namespace glimpse::tests
