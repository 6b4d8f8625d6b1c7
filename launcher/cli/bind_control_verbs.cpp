// The verbs that people use while studies run.

#include <memory>

#include <CLI/CLI.hpp>

#include "launcher/cli/bindings.h"
#include "launcher/cli/verb.h"
#include "launcher/commands/gc.h"
#include "launcher/commands/logs.h"
#include "launcher/commands/status.h"
#include "launcher/commands/stop.h"
#include "launcher/commands/submit.h"

namespace glimpse::launcher {
namespace {

constexpr std::int64_t kMostLines = 1'000'000'000;
constexpr std::int64_t kMostAttempts = 1'000'000'000;

void bind_submit(CLI::App& root, Invocation& chosen) {
  CLI::App& app = add_verb(
      root,
      {"submit",
       "Have a study run in the background, or by the run that holds the folder already",
       "glimpse submit table1-smoke                        # and log out, if you like\n"
       "glimpse submit my.json seeds=5                     # joins what runs in the folder\n"
       "glimpse submit my.json --dry-run                   # says which of the two",
       kRunGroup});
  const auto options = std::make_shared<SubmitOptions>();
  app.add_option("STUDY", options->study, kStudyDoc)->required();
  app.add_option("overrides", options->overrides, "Replaces a value; a comma list sweeps it")
      ->option_text("KEY=VALUE");
  app.add_flag("--dry-run", options->is_dry_run, "Say what would be done, change nothing");
  add_results(app, options->common);
  add_data_dir(app, options->common);
  finish_verb(app, chosen, options, submit);
}

void bind_status(CLI::App& root, Invocation& chosen) {
  CLI::App& app = add_verb(root,
                           {"status",
                            "Show how far the studies of a results folder are, and what runs",
                            "glimpse status                  # all studies\n"
                            "glimpse status table1           # one, with its failures\n"
                            "glimpse status -w               # again and again, until all is done\n"
                            "glimpse status table1 -w 30     # every 30 seconds",
                            kRunGroup});
  const auto options = std::make_shared<StatusOptions>();
  app.add_option("STUDY", options->study, "One study of the results folder");
  auto* const watch = app.add_option("-w,--watch",
                                     options->every,
                                     "Look again every so many seconds (2), until nothing is left "
                                     "to run");
  watch->expected(0, 1)->option_text("[SECONDS]");
  add_output(app, options->output);
  add_results(app, options->common);
  finish_verb(app, chosen, options, status);
  app.parse_complete_callback([options, watch] { options->watches = watch->count() > 0; });
}

void bind_logs(CLI::App& root, Invocation& chosen) {
  CLI::App& app = add_verb(root,
                           {"logs",
                            "Print what the process of a run printed",
                            "glimpse logs 3f9a               # any unique start of a run id\n"
                            "glimpse logs 3f9a -f            # goes on until the trial has ended\n"
                            "glimpse logs 3f9a --attempt 1 -n 20",
                            kRunGroup});
  const auto options = std::make_shared<LogsOptions>();
  app.add_option("RUN", options->run, "The start of a run id")->required();
  app.add_flag("-f,--follow", options->follows, "Go on with what is printed, also by new attempts");
  app.add_option("--attempt", options->attempt, "Not the newest attempt, but this one")
      ->type_name("N")
      ->check(whole_number(1, kMostAttempts));
  app.add_option("-n,--lines", options->lines, "Begin with the last so many lines (all)")
      ->type_name("LINES")
      ->check(whole_number(0, kMostLines));
  add_results(app, options->common);
  finish_verb(app, chosen, options, logs);
}

void bind_stop(CLI::App& root, Invocation& chosen) {
  CLI::App& app =
      add_verb(root,
               {"stop",
                "End studies or runs that a coordinator works on, from any host",
                "glimpse stop table1             # its running trials save a checkpoint and end\n"
                "glimpse stop 3f9a --now         # one run, at once\n"
                "glimpse stop --all --wait       # everything, and come back when it has ended",
                kRunGroup});
  const auto options = std::make_shared<StopOptions>();
  app.add_option("targets", options->targets, "Studies, and starts of run ids")
      ->option_text("RUN|STUDY");
  app.add_flag("--all", options->is_all, "Everything, and the coordinator with it");
  app.add_flag("--now", options->is_now, "Without a checkpoint: the newest one is gone back to");
  app.add_flag("--wait", options->waits, "Come back when the attempts have ended");
  add_results(app, options->common);
  finish_verb(app, chosen, options, stop);
}

}  // namespace

void bind_gc(CLI::App& root, Invocation& chosen) {
  CLI::App& app =
      add_verb(root,
               {"gc",
                "Remove checkpoints, logs and leftovers of finished attempts that nothing needs",
                "glimpse gc --dry-run            # lists what would go\n"
                "glimpse gc table1 --yes         # a trial's last and best checkpoint stay",
                kResultsGroup});
  const auto options = std::make_shared<GcOptions>();
  app.add_option("STUDY", options->study, "Only trials of this study of the results folder");
  auto* const dry = app.add_flag("--dry-run", options->is_dry_run, "List, change nothing");
  app.add_flag("--yes", options->is_sure, "Remove; without it nothing is")->excludes(dry);
  add_output(app, options->output);
  add_results(app, options->common);
  finish_verb(app, chosen, options, gc);
}

void bind_control_verbs(CLI::App& root, Invocation& chosen) {
  bind_submit(root, chosen);
  bind_status(root, chosen);
  bind_logs(root, chosen);
  bind_stop(root, chosen);
}

}  // namespace glimpse::launcher
