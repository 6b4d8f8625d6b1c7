#include <memory>

#include <CLI/CLI.hpp>

#include "experiments/record.h"
#include "launcher/cli/bindings.h"
#include "launcher/cli/verb.h"
#include "launcher/commands/completion.h"
#include "launcher/commands/doctor.h"
#include "launcher/commands/merge.h"
#include "launcher/commands/models.h"
#include "launcher/commands/plan.h"
#include "launcher/commands/query.h"
#include "launcher/commands/replay.h"
#include "launcher/commands/run.h"
#include "launcher/commands/schema.h"
#include "launcher/commands/show.h"
#include "launcher/commands/verify.h"
#include "launcher/commands/version.h"

namespace glimpse::launcher {
namespace {

constexpr std::int64_t kMostRows = 1'000'000'000;
const std::string kBefore = "Before a study runs";
const std::string kThis = "This program";

void add_rehearsal(CLI::App& app, PlanOptions& options, CLI::Option* resolved) {
  const std::string group = "Rehearsal";
  constexpr std::int64_t kMostNodes = 100'000;
  constexpr std::int64_t kMostSlots = 1024;
  auto* const rehearse = app.add_flag("--rehearse",
                                      options.rehearses,
                                      "Play what is left through the scheduler: how long it takes");
  rehearse->group(group)->excludes("--trials")->excludes(resolved);
  app.add_option("--nodes", options.nodes, "Nodes of the rehearsal (default: 1)")
      ->type_name("N")
      ->check(whole_number(1, kMostNodes))
      ->needs(rehearse)
      ->group(group);
  app.add_option("--slots", options.slots, "Slots of each node (default: 1)")
      ->type_name("N")
      ->check(whole_number(1, kMostSlots))
      ->needs(rehearse)
      ->group(group);
  app.add_option("--timeline", options.timeline, "Write who runs where and when as a picture")
      ->type_name("FILE.svg")
      ->needs(rehearse)
      ->group(group);
}

void bind_plan(CLI::App& root, Invocation& chosen) {
  CLI::App& app = add_verb(
      root,
      {"plan",
       "Show what a study would run: configurations, trials, datasets and time",
       "glimpse plan table1                                # a shipped study\n"
       "glimpse plan my.json learning_rate=1e-3,1e-4 seeds=5\n"
       "glimpse plan table1 --trials --format csv          # one line per trial, with its key\n"
       "glimpse plan my.json --resolved                    # every value and where it comes from\n"
       "glimpse plan table1 --rehearse --nodes 16 --slots 8 --timeline table1.svg",
       kBefore});
  const auto options = std::make_shared<PlanOptions>();
  app.add_option("STUDY", options->study, kStudyDoc)->required();
  app.add_option("overrides", options->overrides, "Replaces a value; a comma list sweeps it")
      ->option_text("KEY=VALUE");
  app.add_flag("--trials", options->shows_trials, "One line per trial");
  auto* const resolved = app.add_flag(
      "--resolved", options->shows_resolved, "The whole study, with each value's origin");
  resolved->excludes("--trials");
  app.add_option("--gflops",
                 options->gflops,
                 "Speed of one device for the estimate of time (default: 30 a core, 3000 a GPU)")
      ->type_name("NUMBER")
      ->check(number_above_zero());
  add_rehearsal(app, *options, resolved);
  add_output(app, options->output);
  resolved->excludes("--format");
  add_results(app, options->common);
  finish_verb(app, chosen, options, plan);
}

void bind_run(CLI::App& root, Invocation& chosen) {
  CLI::App& app = add_verb(
      root,
      {"run",
       "Train what a study has left to do, and print its cells",
       "glimpse run table1-smoke                           # minutes, on the built-in digits\n"
       "glimpse run my.json seeds=3 --slots 2              # two trials at a time\n"
       "glimpse run my.json                                # again: goes on, or has nothing to do",
       kRunGroup});
  const auto options = std::make_shared<RunOptions>();
  app.add_option("STUDY", options->study, kStudyDoc)->required();
  app.add_option("overrides", options->overrides, "Replaces a value; a comma list sweeps it")
      ->option_text("KEY=VALUE");
  app.add_option("--slots",
                 options->slots,
                 "Slots of this machine, each for one core's work (default: its cores)")
      ->type_name("N")
      ->check(CLI::Range(1, 1024).name(""));
  app.add_option("--until", options->until, "When this machine is taken away (batch jobs know it)")
      ->type_name("TIME");
  app.add_option("--retry-failed",
                 options->retried,
                 "Try failed trials again: all, or those whose last failure is of this class")
      ->type_name("[CLASS]")
      ->expected(0, 1);
  app.add_option("--stage",
                 options->stage,
                 "Folder on a disk of each node: datasets are copied there once, and read there")
      ->type_name("DIR");
  app.add_option("--on-finish", options->on_finish, "A line of shell to run at the end")
      ->type_name("COMMAND");
  add_output(app, options->output);
  add_results(app, options->common);
  add_data_dir(app, options->common);
  finish_verb(app, chosen, options, run);
}

void bind_models(CLI::App& root, Invocation& chosen) {
  CLI::App& app = add_verb(root,
                           {"models",
                            "List the built-in models with their sizes, or one model's parameters",
                            "glimpse models                  # parameters and FLOPs of each\n"
                            "glimpse models rnn-spn          # what it can be told",
                            kBefore});
  const auto options = std::make_shared<ModelsOptions>();
  app.add_option("MODEL", options->name, "Show this model's parameters, ranges and defaults");
  add_output(app, options->output);
  finish_verb(app, chosen, options, models);
}

void bind_schema(CLI::App& root, Invocation& chosen) {
  CLI::App& app = add_verb(root,
                           {"schema",
                            "Print the JSON Schema of study files, for editors",
                            "glimpse schema > study.schema.json",
                            kBefore});
  finish_verb(app, chosen, std::make_shared<SchemaOptions>(), schema);
}

void bind_show(CLI::App& root, Invocation& chosen) {
  CLI::App& app = add_verb(root,
                           {"show",
                            "Show all that is known of one run or one study",
                            "glimpse show 3f9a               # any unique start of a run id\n"
                            "glimpse show table1",
                            kResultsGroup});
  const auto options = std::make_shared<ShowOptions>();
  app.add_option("TARGET", options->target, "The start of a run id, or a study's name")
      ->required()
      ->option_text("RUN|STUDY");
  add_output(app, options->output);
  add_results(app, options->common);
  finish_verb(app, chosen, options, show);
}

void bind_query(CLI::App& root, Invocation& chosen) {
  CLI::App& app = add_verb(
      root,
      {"query",
       "Ask the results anything in SQL, read-only",
       "glimpse query \"select * from v_cells\"\n"
       "glimpse query \"select run_id, objective from v_trials where study = :s\" -p s=table1\n"
       "glimpse query --wide table1 --format csv > table1.csv   # parameters as columns",
       kResultsGroup});
  const auto options = std::make_shared<QueryOptions>();
  app.add_option(
      "SQL", options->sql, "One select; the views are v_trials, v_cells, v_metrics, ...");
  app.add_option("-p,--parameter", options->parameters, "Value of :name in the SQL; repeatable")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  app.add_option("--wide", options->wide, "All trials of a study, parameters as columns")
      ->type_name("STUDY")
      ->excludes("SQL");
  app.add_option(
         "--limit-rows", options->max_rows, "Stop with an error after so many rows (100000)")
      ->type_name("N")
      ->check(whole_number(1, kMostRows));
  app.add_option("--time-limit", options->time_limit_s, "Stop with an error after so long (60)")
      ->type_name("SECONDS")
      ->check(number_above_zero());
  add_output(app, options->output);
  add_results(app, options->common);
  finish_verb(app, chosen, options, query);
}

void bind_verify(CLI::App& root, Invocation& chosen) {
  CLI::App& app =
      add_verb(root,
               {"verify",
                "Check database, datasets, journals and checkpoints for damage",
                "glimpse verify                  # exit 65 names what is damaged\n"
                "glimpse verify --rebuild        # a database is lost, or beyond repair",
                kResultsGroup});
  const auto options = std::make_shared<VerifyOptions>();
  app.add_flag("--rebuild",
               options->is_rebuild,
               "Make the database again from studies and journals; the old one is kept beside it");
  add_output(app, options->output);
  add_results(app, options->common);
  finish_verb(app, chosen, options, verify);
}

void bind_replay(CLI::App& root, Invocation& chosen) {
  CLI::App& app =
      add_verb(root,
               {"replay",
                "Train a run again and compare its weights after every epoch",
                "glimpse replay 3f9a             # exit 1 names the first epoch that differs\n"
                "glimpse replay 3f9a --epochs 2  # the first two epochs alone",
                kResultsGroup});
  const auto options = std::make_shared<ReplayOptions>();
  app.add_option("RUN", options->run, "The start of a run id")->required()->option_text("RUN");
  app.add_option("--epochs", options->epochs, "Compare the first epochs alone")
      ->type_name("N")
      ->check(whole_number(1, experiments::kMaxEpoch));
  app.add_option("--dataset", options->dataset, "Where it is not the one in the results folder")
      ->type_name("FILE");
  app.add_option("--keep", options->keep_dir, "Keep what was trained in this new folder")
      ->type_name("DIR");
  add_output(app, options->output);
  add_results(app, options->common);
  finish_verb(app, chosen, options, replay);
}

void bind_merge(CLI::App& root, Invocation& chosen) {
  CLI::App& app =
      add_verb(root,
               {"merge",
                "Take the records of other results folders into this one",
                "glimpse merge shard-1 shard-2   # may be repeated: nothing is doubled\n"
                "glimpse merge --dry-run other/glimpse.db",
                kResultsGroup});
  const auto options = std::make_shared<MergeOptions>();
  app.add_option("sources", options->sources, "Results folders, or their databases")
      ->required()
      ->option_text("DIR_OR_DB");
  app.add_flag("--dry-run", options->is_dry_run, "Say what would be taken, change nothing");
  add_output(app, options->output);
  add_results(app, options->common);
  finish_verb(app, chosen, options, merge);
}

void bind_doctor(CLI::App& root, Invocation& chosen) {
  CLI::App& app = add_verb(root,
                           {"doctor",
                            "Check that this machine is ready, one line per check with its fix",
                            "glimpse doctor\n"
                            "glimpse doctor --results /scratch/me/results",
                            kThis});
  const auto options = std::make_shared<DoctorOptions>();
  add_output(app, options->output);
  add_results(app, options->common);
  add_data_dir(app, options->common);
  finish_verb(app, chosen, options, doctor);
}

void bind_completion(CLI::App& root, Invocation& chosen) {
  CLI::App& app =
      add_verb(root,
               {"completion",
                "Print a script that completes verbs, options, studies and runs in your shell",
                "source <(glimpse completion bash)          # in ~/.bashrc\n"
                "source <(glimpse completion zsh)           # in ~/.zshrc\n"
                "glimpse completion fish > ~/.config/fish/completions/glimpse.fish",
                kThis});
  const auto options = std::make_shared<CompletionOptions>();
  auto* const shell = app.add_option("SHELL", options->shell, "Which shell");
  shell->type_name("bash|zsh|fish")->option_text("bash|zsh|fish");
  app.add_option("--candidates",
                 options->candidates,
                 "Print the known names instead, one per line; the scripts use it")
      ->type_name("studies|runs|datasets|models")
      ->excludes(shell);
  add_results(app, options->common);
  add_talk(app, options->common);
  app.callback([&root, &chosen, options] {
    options->tree = describe(root, "");
    chosen = {.verb = {}, .common = options->common, .run = [options](Env& env) {
                return completion(*options, env);
              }};
  });
}

void bind_version(CLI::App& root, Invocation& chosen) {
  CLI::App& app = add_verb(root,
                           {"version",
                            "Print version, commit, compiler and libraries",
                            "glimpse version --json",
                            kThis});
  const auto options = std::make_shared<VersionOptions>();
  app.add_flag("--json", options->is_json, "One JSON object")->group("Output");
  finish_verb(app, chosen, options, version);
}

}  // namespace

void bind_verbs(CLI::App& root, Invocation& chosen) {
  bind_plan(root, chosen);
  bind_run(root, chosen);
  bind_control_verbs(root, chosen);
  bind_models(root, chosen);
  bind_schema(root, chosen);
  bind_dataset_verbs(root, chosen);
  bind_show(root, chosen);
  bind_query(root, chosen);
  bind_report_verbs(root, chosen);
  bind_verify(root, chosen);
  bind_replay(root, chosen);
  bind_merge(root, chosen);
  bind_gc(root, chosen);
  bind_doctor(root, chosen);
  bind_bench_verbs(root, chosen);
  bind_completion(root, chosen);
  bind_version(root, chosen);
}

}  // namespace glimpse::launcher
