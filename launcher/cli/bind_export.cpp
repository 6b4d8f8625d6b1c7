#include <memory>

#include <CLI/CLI.hpp>

#include "launcher/cli/bindings.h"
#include "launcher/cli/verb.h"
#include "launcher/commands/export.h"

namespace glimpse::launcher {

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

}  // namespace glimpse::launcher
