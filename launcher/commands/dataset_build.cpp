#include <chrono>
#include <filesystem>
#include <vector>

#include "experiments/dataset_spec.h"
#include "launcher/as_output.h"
#include "launcher/commands/dataset.h"
#include "launcher/cores.h"
#include "launcher/dataset_builder.h"
#include "launcher/output.h"
#include "launcher/results_folder.h"
#include "launcher/study_source.h"
#include "storage/files/atomic_file.h"
#include "storage/storage_error.h"

namespace glimpse::launcher {
namespace {

namespace fs = std::filesystem;

using experiments::DatasetSpec;

// What killed builds of other datasets left behind. No build of any size takes a day.
void remove_leftovers(const Env& env) {
  as_output([&] {
    storage::remove_temporaries(results_folder(env.settings).data(), std::chrono::hours(24));
  });
}

void tell(const BuiltDataset& built, Env& env) {
  if (built.was_there) {
    env.log.info(built.path.string() + ": already there, verified");
  } else {
    env.log.info(built.path.string() + ": built in " + reports::render_rough_time(built.build_s) +
                 ", on the disk " + reports::render_rough_time(built.commit_s) + " later");
  }
}

void build_all(const std::vector<DatasetSpec>& specs,
               const BuildRules& rules,
               const OutputOptions& output,
               Env& env) {
  env.shows_progress = !output.is_json;
  remove_leftovers(env);
  DatasetBuilder builder(rules, env);
  reports::TextTable table{.columns = {"dataset", "identity", "state", "path"}, .rows = {}};
  for (const DatasetSpec& spec : specs) {
    const BuiltDataset built = builder.build(spec);
    tell(built, env);
    table.rows.push_back({built.path.stem().string(),
                          built.identity,
                          std::string(built.was_there ? "verified" : "built"),
                          built.path.string()});
  }
  print_sections("dataset build", {{"datasets", "", table}}, output, env);
}

}  // namespace

int dataset_build(const DatasetBuildOptions& options, Env& env) {
  const BuildRules rules{.threads = options.threads > 0 ? options.threads : available_cores(),
                         .allows_unverified = options.allows_unverified};
  const std::vector<DatasetSpec> specs =
      wanted_datasets(options.study, options.overrides, env.settings);
  build_all(specs, rules, options.output, env);
  return 0;
}

int dataset_import(const DatasetImportOptions& options, Env& env) {
  std::error_code ignored;
  if (!fs::is_regular_file(options.file, ignored)) {
    const bool is_there = fs::exists(options.file, ignored);
    throw storage::StorageError(
        storage::StorageFault::kMissing,
        options.file,
        "import " + options.file + (is_there ? ": not a plain file" : ": no such file"));
  }
  DatasetSpec spec;
  spec.file = options.file;
  build_all({spec}, {.threads = available_cores()}, options.output, env);
  return 0;
}

}  // namespace glimpse::launcher
