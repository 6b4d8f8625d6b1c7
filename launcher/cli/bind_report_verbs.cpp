#include <memory>

#include <CLI/CLI.hpp>

#include "launcher/cli/bindings.h"
#include "launcher/cli/verb.h"
#include "launcher/commands/check.h"
#include "launcher/commands/compare.h"
#include "launcher/commands/export.h"
#include "launcher/commands/report.h"
#include "launcher/commands/reproduce.h"

namespace glimpse::launcher {
namespace {

void bind_check(CLI::App& root, Invocation& chosen) {
  CLI::App& app = add_verb(
      root,
      {"check",
       "Say what each cell of a study's table says of the published figure",
       "glimpse check table1                            # exit 0, 4 (worse) or 5 (not decided)\n"
       "glimpse check table1 --run-missing --budget 8h  # runs until every cell is decided",
       kResultsGroup});
  const auto options = std::make_shared<CheckOptions>();
  app.add_option("STUDY", options->study, kStudyDoc)->required();
  app.add_flag("--run-missing",
               options->runs_missing,
               "Run what is missing, then more seeds while a verdict asks for them");
  app.add_option("--budget", options->budget, "Start nothing more after so long")
      ->type_name("TIME");
  add_output(app, options->output);
  add_results(app, options->common);
  add_data_dir(app, options->common);
  finish_verb(app, chosen, options, check);
}

void bind_compare(CLI::App& root, Invocation& chosen) {
  CLI::App& app = add_verb(
      root,
      {"compare",
       "Put runs, or studies, side by side: settings, metrics with tests, curves",
       "glimpse compare 4f2a 91c0                  # two runs by the beginnings of their ids\n"
       "glimpse compare aa-left aa-right           # what two studies have in common, tested\n"
       "glimpse compare line halving -o both.html  # the same as a page, with curves",
       kResultsGroup});
  const auto options = std::make_shared<CompareOptions>();
  constexpr int kFewest = 2;
  constexpr int kMost = 6;
  app.add_option(
         "SIDE", options->sides, "Two to six runs, by the beginnings of their ids, or studies")
      ->required()
      ->expected(kFewest, kMost)
      ->option_text("RUN|STUDY");
  app.add_option("-o,--output", options->file, "Write a page to this file instead: .html")
      ->type_name("FILE");
  add_output(app, options->output);
  add_results(app, options->common);
  add_data_dir(app, options->common);
  finish_verb(app, chosen, options, compare);
}

void bind_report(CLI::App& root, Invocation& chosen) {
  CLI::App& app = add_verb(
      root,
      {"report",
       "Write a study's report: a page to look at, or its table for papers and programs",
       "glimpse report table1                      # a page in the results folder\n"
       "glimpse report table1 --format text        # the table, here\n"
       "glimpse report table1 -o table1.tex        # booktabs and siunitx, to paste in a paper\n"
       "glimpse report table1 --check table1.tex   # exit 4: the results have moved since",
       kResultsGroup});
  const auto options = std::make_shared<ReportOptions>();
  app.add_option("STUDY", options->study, kStudyDoc)->required();
  auto* const file = app.add_option(
      "-o,--output", options->file, "File to write: .html, .md, .tex, .csv, .json or .txt");
  file->type_name("FILE");
  app.add_option("--check", options->checked, "Compare with this report, made earlier")
      ->type_name("FILE")
      ->excludes(file);
  app.add_option("--format", options->format, "Where a file's name does not say it")
      ->type_name("html|md|latex|csv|json|text");
  app.add_option(
         "--gallery-limit", options->gallery_limit, "Most pictures of the page's gallery (60)")
      ->type_name("N")
      ->check(whole_number(0, 10000));
  add_results(app, options->common);
  add_data_dir(app, options->common);
  finish_verb(app, chosen, options, report);
}

void bind_reproduce(CLI::App& root, Invocation& chosen) {
  CLI::App& app =
      add_verb(root,
               {"reproduce",
                "Make a published table again: data, training, verdicts and report in one command",
                "glimpse reproduce table1 --preset smoke    # minutes, on built-in digits\n"
                "glimpse reproduce table1 --preset quick    # a night on a few cores\n"
                "glimpse reproduce table1 --fetch           # all of it; again: goes on",
                kRunGroup});
  const auto options = std::make_shared<ReproduceOptions>();
  app.add_option("TABLE", options->table, "The shipped study of a table")->required();
  app.add_option("overrides", options->overrides, "Replaces a value; listed as a deviation")
      ->option_text("KEY=VALUE");
  app.add_option("--preset", options->preset, "How much of the protocol (full)")
      ->type_name("smoke|quick|full");
  app.add_flag("--fetch", options->fetches, "Download the digits where they are not found");
  app.add_option("--budget", options->budget, "Stop after so long; the same command goes on")
      ->type_name("TIME");
  app.add_option("--slots", options->slots, "Slots of this machine (default: its cores)")
      ->type_name("N")
      ->check(whole_number(1, 1024));
  add_results(app, options->common);
  add_data_dir(app, options->common);
  finish_verb(app, chosen, options, reproduce);
}

void bind_export(CLI::App& root, Invocation& chosen) {
  constexpr std::int64_t kMostRuns = 1'000'000'000;
  CLI::App& app = add_verb(
      root,
      {"export",
       "Write a study's results for TensorBoard, Optuna, spreadsheets or h5py",
       "glimpse export tensorboard --study table1 --out tb --top 50   # tensorboard --logdir tb\n"
       "glimpse export optuna --study table1 --out optuna             # journal.log\n"
       "glimpse export csv --study table1 --out csv                   # runs.csv, metrics.csv\n"
       "glimpse export hdf5 --study table1 --out crops                # what the networks saw",
       kResultsGroup});
  const auto options = std::make_shared<ExportOptions>();
  app.add_option("FORMAT", options->format, "What to write")
      ->required()
      ->type_name("tensorboard|optuna|csv|hdf5")
      ->option_text("tensorboard|optuna|csv|hdf5");
  app.add_option("--study", options->study, "A study in the results folder")
      ->required()
      ->type_name("STUDY");
  app.add_option("--out",
                 options->out,
                 "A folder that is new, empty or holds the same export, whose files are replaced")
      ->required()
      ->type_name("DIR");
  app.add_option("--top", options->top, "Only the N completed runs with the best objectives")
      ->type_name("N")
      ->check(whole_number(1, kMostRuns));
  add_results(app, options->common);
  finish_verb(app, chosen, options, export_study);
}

}  // namespace

void bind_report_verbs(CLI::App& root, Invocation& chosen) {
  bind_reproduce(root, chosen);
  bind_report(root, chosen);
  bind_check(root, chosen);
  bind_compare(root, chosen);
  bind_export(root, chosen);
}

}  // namespace glimpse::launcher
