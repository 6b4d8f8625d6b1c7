#include "launcher/commands/bench.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "launcher/bench_sweep.h"
#include "launcher/children/process_children.h"
#include "launcher/cores.h"
#include "launcher/output.h"
#include "launcher/results.h"
#include "launcher/run/memory_children.h"
#include "storage/files/file_io.h"

namespace glimpse::launcher {
namespace {

using reports::Cell;
using reports::TextTable;

constexpr std::int64_t kMetricsPerEpoch = 100;
constexpr std::int64_t kSlices = 10;
// As many as a large job has: what waits for the disk at the same time waits once.
constexpr int kMemorySlots = 512;
// As a node with eight GPUs has, for the processes beside them too.
constexpr int kProcessSlots = 8;
constexpr int kNapSlots = 2;
constexpr const char* kTrue = "/bin/true";
constexpr double kNapSeconds = 0.5;

// Each trial has a value of its own, as most sweeps are wider than they have seeds.
std::string study_text(const std::string& command, std::int64_t trials) {
  std::string values = "0";
  for (std::int64_t i = 1; i < trials; ++i) {
    values += "," + std::to_string(i);
  }
  return R"({"name": "bench", "kind": "command", "command": [)" + command +
         R"(], "metric": {"name": "m0"}, "parameters": {"x": {"values": [)" + values + "]}}}";
}

std::string epoch_line(std::int64_t epoch) {
  std::string line = R"({"epoch": )" + std::to_string(epoch) + R"(, "metrics": {)";
  for (std::int64_t i = 0; i < kMetricsPerEpoch; ++i) {
    line += (i > 0 ? ", \"m" : "\"m") + std::to_string(i) +
            "\": " + std::to_string(1.0 / static_cast<double>(epoch + i));
  }
  return line + "}}";
}

std::vector<std::string> epoch_lines(std::int64_t epochs) {
  std::vector<std::string> lines;
  for (std::int64_t epoch = 1; epoch <= epochs; ++epoch) {
    lines.push_back(epoch_line(epoch));
  }
  return lines;
}

double per_second(std::int64_t count, double seconds) {
  return static_cast<double>(count) / seconds;
}

struct Bench {
  const BenchSchedulerOptions& options;
  const Interruption& interruption;
  Env& env;
  TextTable rates = {
      .columns =
          {"what", "count", "wall_s", "plan_s", "loop_cpu_s", "database_cpu_s", "per_second"},
      .rows = {}};

  // Their folders stay until the end: ext4 makes files slowly for minutes after many were removed.
  std::deque<BenchSweep> sweeps = {};

  BenchSweep& next_sweep(RunFolders folders = RunFolders::kOnDisk) {
    return sweeps.emplace_back(env, interruption, folders);
  }
  void add_rate(const std::string& what, std::int64_t count, const SweepTimes& times) {
    rates.rows.push_back({what,
                          count,
                          times.wall_s,
                          times.plan_s,
                          times.loop_cpu_s,
                          times.database_cpu_s,
                          per_second(count, times.wall_s)});
  }
};

// Once with folders as fast as there are any, which leaves what Glimpse takes, and once with what
// making two folders and two files for each trial takes.
void bench_trials(Bench& bench) {
  MemoryChildren children({R"({"epoch": 1, "metrics": {"m0": 0.5}})"});
  const std::int64_t trials = bench.options.trials;
  const std::string study = study_text("\"none\"", trials);
  const auto run = [&](const std::string& what, RunFolders folders) {
    BenchSweep& sweep = bench.next_sweep(folders);
    bench.add_rate(what, trials, sweep.run(study, children, kMemorySlots));
  };
  run("trials", RunFolders::kInMemory);
  run("trials, folders on disk", RunFolders::kOnDisk);
}

constexpr std::string_view kStarts =
    "select started_ms from v_attempts union all select max(ended_ms) from v_attempts order by 1";
// On one slot a trial starts once all rows of the one before are on the disk.
TextTable slices_of(const Settings& settings, std::int64_t rows_each) {
  storage::Query results = open_results(settings);
  const TextTable starts = query_table(results, kStarts);
  TextTable slices{.columns = {"rows_before", "rows_per_second"}, .rows = {}};
  for (std::size_t i = 0; i + 1 < starts.rows.size(); ++i) {
    const auto begin = std::get<std::int64_t>(starts.rows[i].at(0));
    const auto end = std::get<std::int64_t>(starts.rows[i + 1].at(0));
    slices.rows.push_back(
        {static_cast<std::int64_t>(i) * rows_each,
         per_second(rows_each, static_cast<double>(std::max(end - begin, std::int64_t{1})) / 1e3)});
  }
  return slices;
}

TextTable bench_rows(Bench& bench) {
  const std::int64_t epochs = bench.options.rows / kSlices / kMetricsPerEpoch;
  const std::int64_t rows_each = epochs * kMetricsPerEpoch;
  MemoryChildren children(epoch_lines(epochs));
  BenchSweep& sweep = bench.next_sweep();
  const SweepTimes times = sweep.run(study_text("\"none\"", kSlices), children, 1);
  bench.add_rate("metric rows", rows_each * kSlices, times);
  return slices_of(sweep.settings(), rows_each);
}

void start_true() {
  const pid_t child = fork();
  if (child < 0) {
    storage::throw_system_error("start a process", kTrue, errno);
  }
  if (child == 0) {
    execl(kTrue, kTrue, nullptr);
    _exit(1);
  }
}

double cpu_s(int who) {
  rusage used{};
  getrusage(who, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

// Of those that have ended and were waited for, and of theirs.
double children_cpu_s() {
  return cpu_s(RUSAGE_CHILDREN);
}

struct BareCost {
  double wall_s = 0;
  double cpu_s = 0;
};

// Nothing but fork, exec and wait, as many at a time as the sweep has slots.
BareCost run_bare(std::int64_t processes, const Env& env) {
  const double begin_s = env.now_s();
  const double before_s = children_cpu_s() + cpu_s(RUSAGE_SELF);
  std::int64_t running = 0;
  for (std::int64_t started = 0; started < processes || running > 0;) {
    if (started < processes && running < kProcessSlots) {
      start_true();
      ++started;
      ++running;
    } else if (waitpid(-1, nullptr, 0) > 0) {
      --running;
    }
  }
  return {.wall_s = env.now_s() - begin_s,
          .cpu_s = children_cpu_s() + cpu_s(RUSAGE_SELF) - before_s};
}

// What the operating system alone takes for each process, and what a trial around it adds.
TextTable bench_processes(Bench& bench, const BareCost& bare) {
  const std::int64_t processes = bench.options.processes;
  const double before_s = children_cpu_s();
  SweepTimes times;
  {
    Spawner spawner;
    ProcessChildren children(spawner);
    BenchSweep& sweep = bench.next_sweep();
    times =
        sweep.run(study_text('"' + std::string(kTrue) + '"', processes), children, kProcessSlots);
  }
  const double children_s = children_cpu_s() - before_s;
  bench.add_rate("processes", processes, times);
  return facts_table({{"processes", processes},
                      {"slots", std::int64_t{kProcessSlots}},
                      {"bare_per_second", per_second(processes, bare.wall_s)},
                      {"trials_per_second", per_second(processes, times.wall_s)},
                      {"ratio", bare.wall_s / times.wall_s},
                      {"bare_cpu_s", bare.cpu_s},
                      {"loop_cpu_s", times.loop_cpu_s},
                      {"database_cpu_s", times.database_cpu_s},
                      {"spawner_and_children_cpu_s", children_s}});
}

constexpr std::string_view kBusy =
    "select sum(ended_ms - started_ms) / 1000.0 as busy_s,"
    " (max(ended_ms) - min(started_ms)) / 1000.0 as wall_s from v_attempts";

TextTable bench_slots(Bench& bench) {
  Spawner spawner;
  ProcessChildren children(spawner);
  BenchSweep& sweep = bench.next_sweep();
  static_cast<void>(sweep.run(
      study_text(R"("/bin/sleep", ")" + std::to_string(kNapSeconds) + '"', bench.options.naps),
      children,
      kNapSlots));
  storage::Query results = open_results(sweep.settings());
  const TextTable busy = query_table(results, kBusy);
  const auto busy_s = std::get<double>(busy.rows.at(0).at(0));
  const auto wall_s = std::get<double>(busy.rows.at(0).at(1));
  return facts_table(
      {{"trials", bench.options.naps},
       {"slots", std::int64_t{kNapSlots}},
       {"busy_s", busy_s},
       {"wall_s", wall_s},
       {"busy_share", busy_s / (kNapSlots * wall_s)},
       {"asleep_share",
        kNapSeconds * static_cast<double>(bench.options.naps) / (kNapSlots * wall_s)}});
}

// Others on the machine make figures smaller, so they are told of.
TextTable machine() {
  std::array<double, 1> load{};
  static_cast<void>(getloadavg(load.data(), 1));
  return facts_table({{"cores", std::int64_t{available_cores()}}, {"load_before", load[0]}});
}

}  // namespace

// Processes come first: a fork costs more, the more memory was in use before.
int bench_scheduler(const BenchSchedulerOptions& options, Env& env) {
  const TextTable before = machine();
  const BareCost bare = run_bare(options.processes, env);
  const Interruption interruption;
  Bench bench{options, interruption, env};
  const TextTable ratio = bench_processes(bench, bare);
  const TextTable slots = bench_slots(bench);
  bench_trials(bench);
  const TextTable slices = bench_rows(bench);
  print_sections("bench scheduler",
                 {{"rates", "", bench.rates},
                  {"slices", "metric rows, slice by slice", slices},
                  {"processes", "/bin/true as trials, beside fork, exec and wait", ratio, true},
                  {"slots", "half a second of sleep as trials", slots, true},
                  {"machine", "machine", before, true}},
                 options.output,
                 env);
  return 0;
}

}  // namespace glimpse::launcher
