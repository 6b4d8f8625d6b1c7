#include "launcher/run/part.h"

#include <filesystem>
#include <utility>
#include <vector>

#include "launcher/children/child_environment.h"
#include "launcher/children/oom_watch.h"
#include "launcher/cores.h"
#include "launcher/dataset_builder.h"
#include "launcher/exit_code.h"
#include "launcher/plan_view.h"
#include "launcher/results_folder.h"
#include "launcher/run/runnable.h"
#include "launcher/staging.h"

namespace glimpse::launcher {
namespace {

namespace fs = std::filesystem;

using experiments::ExitCode;

// Before the loop, which a copy of gigabytes would stop. The datasets are there by then.
StagedDatasets stage(const Part& part) {
  if (part.options.stage.empty()) {
    return {};
  }
  const Settings& settings = part.env.settings;
  std::vector<fs::path> files;
  for (const PlannedDataset& dataset :
       planned_datasets(part.loaded.study, plan_study(part.loaded, settings), settings)) {
    files.push_back(dataset.path);
  }
  return stage_datasets(files, part.options.stage, part.interruption, part.env.log);
}

}  // namespace

Agent make_agent(const Part& part) {
  Transport& transport = part.world.transport();
  return Agent({.folder = results_folder(part.env.settings),
                .cores = part.slots.cores,
                .gpus = part.slots.gpus,
                .worker = worker_program(part.loaded.study, part.env),
                .environment = child_environment(list_environment(), {}),
                .staged = stage(part)},
               part.children,
               {.send = [&transport](Message message) { transport.send(0, std::move(message)); },
                .clock_ms = part.env.clock_ms,
                .now_s = part.env.now_s,
                .take_oom_kill = [watch = OomWatch()]() mutable { return watch.take_kill(); }});
}

void join(const Part& part) {
  Transport& transport = part.world.transport();
  const auto rank = static_cast<std::size_t>(transport.rank());
  transport.send(0,
                 JoinMessage{.host = part.crew.ranks.at(rank).host,
                             .slots = part.slots.count,
                             .memory_bytes = physical_memory(),
                             .description = part.slots.description});
}

LoopPorts loop_ports(const Part& part, std::function<void()> tick) {
  return {.take_signal = [&part] { return part.interruption.take(); },
          .now_s = part.env.now_s,
          .tick = std::move(tick)};
}

int follow(const Part& part) {
  if (!part.options.stage.empty()) {
    build_datasets(part.loaded, part.env);  // rank 0 builds, too: this one waits for it
  }
  Agent agent = make_agent(part);
  join(part);
  run_agent(agent, part.world.transport(), loop_ports(part, [] {}));
  return static_cast<int>(ExitCode::kDone);
}

}  // namespace glimpse::launcher
