#include "launcher/commands/completion.h"

#include "launcher/completion_scripts.h"
#include "launcher/study_source.h"
#include "launcher/usage_error.h"

namespace glimpse::launcher {

int completion(const CompletionOptions& options, Env& env) {
  if (!options.candidates.empty()) {
    const auto names =
        options.candidates == "studies" ? known_studies(env.settings) : known_runs(env.settings);
    for (const std::string& name : names) {
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
