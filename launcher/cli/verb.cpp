#include "launcher/cli/verb.h"

#include <algorithm>

#include "experiments/nearest.h"

namespace glimpse::launcher {
namespace {

using reports::TableFormat;

const std::vector<std::string>& format_names() {
  static const std::vector<std::string> names = {"table", "csv", "jsonl", "md"};
  return names;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : "|") + word;
  }
  return text;
}

// The place of a word among the choices.
std::size_t pick(const std::string& name,
                 const std::string& word,
                 const std::vector<std::string>& choices) {
  const auto found = std::find(choices.begin(), choices.end(), word);
  if (found == choices.end()) {
    throw CLI::ValidationError(
        name,
        "'" + word + "' is none of " + joined(choices) + experiments::did_you_mean(word, choices));
  }
  return static_cast<std::size_t>(found - choices.begin());
}

}  // namespace

CLI::App& add_verb(CLI::App& parent, const VerbText& text) {
  CLI::App& app = *parent.add_subcommand(text.name, text.doc);
  app.set_help_flag();  // comes last, with the other options that every verb has
  app.footer(text.examples);
  app.group(text.group);
  return app;
}

CLI::Option* add_choice(CLI::App& app,
                        const std::string& name,
                        std::string& target,
                        const std::vector<std::string>& choices,
                        const std::string& doc) {
  auto* const option = app.add_option_function<std::string>(
      name,
      [&target, name, choices](const std::string& word) {
        target = choices[pick(name, word, choices)];
      },
      doc);
  return option->type_name(joined(choices));
}

void add_output(CLI::App& app, OutputOptions& output) {
  auto* const format = app.add_option_function<std::string>(
      "--format",
      [&output](const std::string& word) {
        output.format = static_cast<TableFormat>(pick("--format", word, format_names()));
        output.has_format = true;
      },
      "How rows are printed; csv and jsonl are exact, table and md are rounded");
  format->type_name(joined(format_names()))->group("Output");
  app.add_flag("--json", output.is_json, "One JSON object with everything, nothing else on stdout")
      ->group("Output")
      ->excludes(format);
}

void add_results(CLI::App& app, CommonOptions& common) {
  app.add_option("--results",
                 common.results,
                 "The results folder (GLIMPSE_RESULTS; default ./glimpse-results)")
      ->type_name("DIR")
      ->group("Folders");
}

void add_data_dir(CLI::App& app, CommonOptions& common) {
  app.add_option("--data-dir",
                 common.data_dir,
                 "Where the MNIST files lie (GLIMPSE_DATA_DIR), plain or .gz")
      ->type_name("DIR")
      ->group("Folders");
}

void add_talk(CLI::App& app, CommonOptions& common) {
  app.add_option_function<std::string>(
         "--color",
         [&common](const std::string& word) {
           const std::vector<std::string> choices = {"auto", "always", "never"};
           common.colour = choices[pick("--color", word, choices)];
         },
         "Colour on terminals (NO_COLOR and CLICOLOR_FORCE are honoured)")
      ->type_name("auto|always|never")
      ->group("General");
  auto* const quiet = app.add_flag("-q,--quiet", common.is_quiet, "Only warnings and errors");
  quiet->group("General");
  app.add_flag("-v,--verbose", common.is_verbose, "Say more about what is done")
      ->group("General")
      ->excludes(quiet);
  app.set_help_flag("-h,--help", "Print this text")->group("General");
}

}  // namespace glimpse::launcher
