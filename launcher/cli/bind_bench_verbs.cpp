#include <memory>

#include <CLI/CLI.hpp>

#include "launcher/cli/bindings.h"
#include "launcher/cli/verb.h"
#include "launcher/commands/bench.h"

namespace glimpse::launcher {
namespace {

constexpr std::int64_t kMostTrials = 10'000'000;
constexpr std::int64_t kLeastRows = 1000;  // one epoch in each slice
constexpr std::int64_t kMostRows = 1'000'000'000;

void add_count(CLI::App& app,
               const std::string& name,
               std::int64_t& count,
               const std::string& doc,
               const CLI::Validator& range) {
  app.add_option(name, count, doc + " (" + std::to_string(count) + ")")
      ->type_name("N")
      ->check(range);
}

void bind_scheduler(CLI::App& parent, Invocation& chosen) {
  CLI::App& app =
      add_verb(parent,
               {"scheduler",
                "Print how many trials, metric rows and processes a second this machine takes",
                "glimpse bench scheduler                      # a minute, on a quiet machine\n"
                "glimpse bench scheduler --rows 10000000      # does it slow down as it fills up?",
                "Measuring"});
  const auto options = std::make_shared<BenchSchedulerOptions>();
  const CLI::Validator trials = whole_number(1, kMostTrials);
  add_count(app, "--trials", options->trials, "Trials that are no processes", trials);
  add_count(app,
            "--rows",
            options->rows,
            "Metric rows of such trials, in thousands",
            whole_number(kLeastRows, kMostRows));
  add_count(app, "--processes", options->processes, "Trials that run /bin/true", trials);
  add_count(app, "--naps", options->naps, "Trials that sleep for half a second", trials);
  add_output(app, options->output);
  finish_verb(app, chosen, options, bench_scheduler);
}

}  // namespace

void bind_bench_verbs(CLI::App& root, Invocation& chosen) {
  CLI::App& app = add_verb(root,
                           {"bench",
                            "Measure what sweeps cost on this machine besides their trials",
                            "glimpse bench scheduler",
                            "This program"});
  app.require_subcommand(1);
  bind_scheduler(app, chosen);
  app.set_help_flag("-h,--help", "Print this text")->group("General");
}

}  // namespace glimpse::launcher
