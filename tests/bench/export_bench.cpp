// How long `glimpse export` takes for a study of many runs: their curves, then with crops of images
// as large as those of Table 1.

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <sys/resource.h>

#include "storage/files/run_folder.h"
#include "storage/hdf5/crops_file.h"
#include "storage/sqlite/results_store.h"
#include "storage/sqlite/transaction.h"
#include "tests/integration/glimpse_runner.h"
#include "tests/storage/sqlite/samples.h"

namespace {

using namespace glimpse;  // NOLINT(google-build-using-namespace): a program of one file

constexpr std::int64_t kEpochs = 300;
constexpr double kLimitS = 10;

constexpr const char* kText = R"({
  "name": "table1", "kind": "command", "command": ["true"],
  "parameters": {"dropout": {"values": [0]}, "model": {"values": ["rnn-spn"]}}
})";

storage::EpochRecord make_record(std::size_t run, std::int64_t epoch) {
  const double value = 100.0 / static_cast<double>(static_cast<std::int64_t>(run) + epoch);
  return {.epoch = epoch,
          .metrics = {{"train_loss", value / 7},
                      {"train_error", value / 3},
                      {"valid_error", value},
                      {"valid_sequence_error", value * 1.7},
                      {"gradient_norm", value / 11}},
          .weights_hash = "0123456789abcdef"};
}

void fill(const storage::ResultsFolder& folder, std::size_t count) {
  std::filesystem::create_directories(folder.studies());
  const storage::StudyEntry study = tests::sample_study();
  tests::save_bytes(folder.study_file(study.text_hash), kText);
  storage::ResultsStore store(folder.database());
  const std::vector<storage::TrialId> trials = tests::plan_sample(store, count, study.name, 5);
  storage::Transaction transaction(store.database());
  for (std::size_t run = 0; run < count; ++run) {
    const auto attempt = store.ledger().start_attempt(trials[run], {"node1", 0}, 1000).attempt;
    for (std::int64_t epoch = 1; epoch <= kEpochs; ++epoch) {
      store.ingest().ingest(attempt, epoch, 1000 * (epoch + 1), make_record(run, epoch));
    }
    store.ingest().ingest(attempt, kEpochs + 1, 1000 * kEpochs, storage::FinishedRecord{});
  }
  transaction.commit();
  store.database().close_cleanly();
}

template <typename Element>
std::vector<Element> noise(std::uint64_t count, std::uint32_t modulus) {
  std::vector<Element> elements(count);
  std::uint32_t state = 1;
  for (Element& element : elements) {
    state = state * 1'664'525 + 1'013'904'223;  // Numerical Recipes' generator
    element = static_cast<Element>((state >> 16) % modulus);
  }
  return elements;
}

// A fifth of the pixels is ink, in stretches, as in clutter.
std::vector<std::uint8_t> clutter(std::uint64_t count) {
  constexpr std::size_t kStretch = 9;
  std::vector<std::uint8_t> pixels = noise<std::uint8_t>(count, 256);
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    pixels[i] = i / kStretch % 5 == 0 ? pixels[i] : 0;
  }
  return pixels;
}

storage::Crops make_crops() {
  const storage::CropsShape shape{.count = 24,
                                  .height = 100,
                                  .width = 100,
                                  .digits = 3,
                                  .glimpses = 3,
                                  .crop_height = 50,
                                  .crop_width = 50};
  return {.run_id = tests::sample_key(0).substr(0, 32),
          .config = "{}",
          .split = "test",
          .weights = "best",
          .shape = shape,
          .images = clutter(240'000),
          .labels = noise<std::uint8_t>(72, 10),
          .predictions = noise<std::uint8_t>(72, 10),
          .index = noise<std::uint32_t>(24, 10'000),
          .theta = noise<float>(432, 16),
          .boxes = noise<float>(288, 100),
          .crops = clutter(180'000)};
}

// The same file for all: what is in it does not matter here.
void add_crops(const storage::ResultsFolder& folder, std::size_t count) {
  const std::filesystem::path made = folder.root() / "crops.h5";
  storage::write_crops(made, make_crops());
  for (std::size_t run = 0; run < count; ++run) {
    const auto attempt = folder.attempt_folder(tests::sample_key(run).substr(0, 32), 1);
    std::filesystem::create_directories(attempt.path);
    std::filesystem::create_hard_link(made, attempt.crops());
  }
}

struct Cost {
  double clock_s = 0;
  double processor_s = 0;
};

double processor_seconds() {
  rusage children{};
  getrusage(RUSAGE_CHILDREN, &children);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(children.ru_utime) + seconds(children.ru_stime);
}

Cost measure_export(const tests::GlimpseRunner& glimpse, const std::string& format) {
  using Clock = std::chrono::steady_clock;
  const double processor = processor_seconds();
  const auto start = Clock::now();
  const tests::RunResult result =
      glimpse.run({"export", format, "--study", "table1", "--out", format});
  if (result.status != 0) {
    std::fputs(result.err.c_str(), stderr);
    std::exit(1);
  }
  return {std::chrono::duration<double>(Clock::now() - start).count(),
          processor_seconds() - processor};
}

void print(const tests::GlimpseRunner& glimpse, const char* format) {
  for (const char* what : {"new", "again"}) {
    const Cost cost = measure_export(glimpse, format);
    std::printf("glimpse export %-11s  %-5s  %.2f s, %.2f s of the processor (limit %.0f)\n",
                format,
                what,
                cost.clock_s,
                cost.processor_s,
                kLimitS);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t count = argc > 1 ? static_cast<std::size_t>(std::atoll(argv[1])) : 1000;
  const tests::GlimpseRunner glimpse;
  const storage::ResultsFolder folder(glimpse.results());
  fill(folder, count);
  std::printf("%zu runs of %lld epochs with 5 metrics:\n", count, static_cast<long long>(kEpochs));
  for (const char* format : {"tensorboard", "optuna", "csv"}) {
    print(glimpse, format);
  }
  std::printf("with crops of 24 images:\n");
  add_crops(folder, count);
  for (const char* format : {"tensorboard", "hdf5"}) {
    print(glimpse, format);
  }
  return 0;
}
