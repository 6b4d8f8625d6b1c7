#include <memory>

#include <CLI/CLI.hpp>

#include "launcher/cli/bindings.h"
#include "launcher/cli/verb.h"
#include "launcher/commands/check.h"
#include "launcher/commands/compare.h"
#include "launcher/commands/report.h"

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

}  // namespace

void bind_report_verbs(CLI::App& root, Invocation& chosen) {
  bind_report(root, chosen);
  bind_check(root, chosen);
  bind_compare(root, chosen);
}

}  // namespace glimpse::launcher
