#include "launcher/commands/completion.h"

#include "launcher/commands/models.h"
#include "launcher/completion_scripts.h"
#include "launcher/dataset_store.h"
#include "launcher/study_source.h"
#include "launcher/usage_error.h"

namespace glimpse::launcher {

namespace {

std::vector<std::string> known_names(const std::string& kind, const Settings& settings) {
  if (kind == "models") {
    return model_names();
  }
  if (kind == "datasets") {
    return known_datasets(settings);
  }
  return kind == "studies" ? known_studies(settings) : known_runs(settings);
}

}  // namespace

int completion(const CompletionOptions& options, Env& env) {
  if (!options.candidates.empty()) {
    for (const std::string& name : known_names(options.candidates, env.settings)) {
      env.out << name << '\n';
    }
    return 0;
  }
  if (options.shell.empty()) {
    throw UsageError("completion: for which shell? (bash, zsh or fish)");
  }
  env.out << render_completion(options.tree, options.shell);
  return 0;
}

}  // namespace glimpse::launcher
