#include "launcher/bench_sweep.h"

#include <chrono>
#include <ctime>
#include <fstream>
#include <stdexcept>
#include <utility>

#include "launcher/children/child_environment.h"
#include "launcher/results_folder.h"
#include "launcher/run/event_loop.h"
#include "launcher/transport/loopback.h"
#include "storage/files/atomic_file.h"

namespace glimpse::launcher {
namespace {

constexpr const char* kMemory = "/dev/shm";

double cpu_s(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

// Since it was made.
class Stopwatch {
 public:
  explicit Stopwatch(const Env& env) : env_(env) {}

  [[nodiscard]] double wall_s() const { return env_.now_s() - wall_s_; }
  void read_into(SweepTimes& times) const {
    times.wall_s = wall_s();
    times.loop_cpu_s = cpu_s(CLOCK_THREAD_CPUTIME_ID) - thread_s_;
    times.database_cpu_s = cpu_s(CLOCK_PROCESS_CPUTIME_ID) - process_s_ - times.loop_cpu_s;
  }

 private:
  const Env& env_;
  double wall_s_ = env_.now_s();
  double thread_s_ = cpu_s(CLOCK_THREAD_CPUTIME_ID);
  double process_s_ = cpu_s(CLOCK_PROCESS_CPUTIME_ID);
};

void check(const Coordinator& coordinator, std::size_t trials) {
  if (coordinator.was_stopped()) {
    throw Interrupted("bench: stopped");
  }
  if (const std::size_t done = coordinator.status().done; done != trials) {
    throw std::runtime_error("bench: " + std::to_string(done) + " of " + std::to_string(trials) +
                             " trials ended well, so there is nothing to tell of");
  }
}

}  // namespace

BenchSweep::BenchSweep(Env& env, const Interruption& interruption, RunFolders folders)
    : env_(env), interruption_(interruption), settings_(env.settings) {
  settings_.results = {folder_.path().string(), "a benchmark"};
  if (folders == RunFolders::kInMemory) {
    runs_.emplace(kMemory);
    std::filesystem::create_directory_symlink(runs_->path(), folder_.path() / "runs");
  }
}

SweepTimes BenchSweep::run(const std::string& study, Children& children, int slots) {
  const std::filesystem::path file = folder_.path() / "study.json";
  storage::write_file_atomically(file, study, {.is_durable = false});
  const storage::ResultsFolder folder = results_folder(settings_);
  const auto lock = lock_folder(folder, [] { return "bench: its folder is in use"; });
  const Stopwatch watch(env_);
  SweepTimes times;
  const LiveDatabase live(folder);
  storage::DatabaseThread database(live.database());
  Loopback transport;
  Agent agent({.folder = folder,
               .cores = {},
               .worker = {},
               .environment = child_environment(list_environment(), {})},
              children,
              {.send = [&](Message message) { transport.send(0, std::move(message)); },
               .clock_ms = env_.clock_ms,
               .now_s = env_.now_s});
  Coordinator coordinator(database,
                          transport,
                          {.clock_ms = env_.clock_ms,
                           .now_s = env_.now_s,
                           .publish = [] {},
                           .tell = [](const std::string&) {},
                           .warn = [this](const std::string& line) { env_.log.warn(line); }});
  StudyRun run(load_study(file.string(), {}, settings_), settings_, database);
  times.trials = coordinator.add(run);
  times.plan_s = watch.wall_s();
  transport.send(0, JoinMessage{.host = "bench", .slots = slots, .memory_bytes = 0});
  run_coordinator(
      coordinator,
      agent,
      transport,
      {.take_signal = [this] { return interruption_.take(); }, .now_s = env_.now_s, .tick = [] {}});
  coordinator.finish();
  watch.read_into(times);
  check(coordinator, times.trials);
  database.close();
  live.publish();
  return times;
}

}  // namespace glimpse::launcher
