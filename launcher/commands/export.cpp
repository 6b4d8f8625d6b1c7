#include "launcher/commands/export.h"

#include <algorithm>

#include "experiments/json/json_document.h"
#include "experiments/json/study_json.h"
#include "launcher/as_output.h"
#include "launcher/results.h"
#include "launcher/results_folder.h"
#include "launcher/study_source.h"
#include "launcher/usage_error.h"
#include "reports/export/crops_files.h"
#include "reports/export/csv_files.h"
#include "reports/export/optuna_journal.h"
#include "reports/export/tensorboard.h"
#include "reports/reading/crops_of_run.h"
#include "reports/reading/study_reader.h"
#include "storage/files/file_io.h"
#include "storage/files/run_folder.h"

namespace glimpse::launcher {
namespace {

using reports::RunFacts;
using reports::StudyFacts;
using reports::StudyReader;

// The text that was planned, by its hash: a name could also mean a file.
experiments::Study load_definition(const storage::ResultsFolder& folder, const StudyFacts& study) {
  const std::filesystem::path file = folder.study_file(study.text_hash);
  return experiments::parse_study(storage::load_text(file, experiments::kMaxJsonBytes),
                                  file.string());
}

std::size_t write_tensorboard(const StudyReader& reader,
                              const StudyFacts& study,
                              const storage::ResultsFolder& folder,
                              const std::string& out) {
  return as_output([&] { return reports::export_tensorboard(reader, study, folder, out); });
}

std::size_t write_optuna(const StudyReader& reader,
                         const StudyFacts& study,
                         const storage::ResultsFolder& folder,
                         const std::string& out) {
  const experiments::Study definition = load_definition(folder, study);
  as_output([&] { reports::export_optuna(reader, study, definition, out); });
  return study.runs.size();
}

std::size_t write_csv(const StudyReader& reader, const StudyFacts& study, const std::string& out) {
  as_output([&] { reports::export_csv(reader, study, out); });
  return study.runs.size();
}

std::size_t write_crops(const StudyFacts& study,
                        const storage::ResultsFolder& folder,
                        const std::string& out) {
  const bool has_any = std::any_of(study.runs.begin(), study.runs.end(), [&](const RunFacts& run) {
    return reports::find_crops(folder, run).has_value();
  });
  if (!has_any) {
    throw UsageError("export hdf5: no run of '" + study.name +
                     "' has crops, which built-in models leave when they are done");
  }
  return as_output([&] { return reports::export_crops(folder, study, out); });
}

}  // namespace

int export_study(const ExportOptions& options, Env& env) {
  if (options.out.empty()) {
    throw UsageError("export: --out needs the name of a folder");
  }
  storage::Query results = open_results(env.settings);
  const StudyReader reader(results);
  StudyFacts study = reader.read_study(stored_study_name(options.study, env.settings));
  const storage::ResultsFolder folder = results_folder(env.settings);
  if (options.top > 0) {
    reports::keep_best(study, options.top);
  }
  std::size_t runs = 0;
  if (options.format == "tensorboard") {
    runs = write_tensorboard(reader, study, folder, options.out);
  } else if (options.format == "optuna") {
    runs = write_optuna(reader, study, folder, options.out);
  } else if (options.format == "csv") {
    runs = write_csv(reader, study, options.out);
  } else {
    runs = write_crops(study, folder, options.out);
  }
  env.log.info("wrote " + std::to_string(runs) + " runs of " + study.name + " to " + options.out);
  return 0;
}

}  // namespace glimpse::launcher
