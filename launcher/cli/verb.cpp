#include "launcher/cli/verb.h"

#include <charconv>

namespace glimpse::launcher {
namespace {

// Seconds and rates beyond it are slips of the pen, and do not fit where they go.
constexpr double kMaxNumber = 1e9;

template <class Number>
bool is_within(const std::string& text, Number min, Number max) {
  Number number{};
  const char* const end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, number);
  return result.ec == std::errc() && result.ptr == end && number >= min && number <= max;
}

}  // namespace

CLI::Validator whole_number(std::int64_t min, std::int64_t max) {
  return {[=](const std::string& text) {
            return is_within(text, min, max)
                       ? std::string()
                       : "must be a whole number from " + std::to_string(min) + " to " +
                             std::to_string(max) + ", not '" + text + "'";
          },
          ""};
}

CLI::Validator number_above_zero() {
  return {[](const std::string& text) {
            return is_within(text, 0.0, kMaxNumber) && !is_within(text, 0.0, 0.0)
                       ? std::string()
                       : "must be a number above 0, at most 1e9, not '" + text + "'";
          },
          ""};
}

CLI::App& add_verb(CLI::App& parent, const VerbText& text) {
  CLI::App& app = *parent.add_subcommand(text.name, text.doc);
  app.set_help_flag();  // comes last, with the other options that every verb has
  app.footer(text.examples);
  app.group(text.group);
  return app;
}

void add_output(CLI::App& app, OutputOptions& output) {
  auto* const format = app.add_option(
      "--format",
      output.format,
      "How rows are printed; csv and jsonl are exact (but JSON has no infinity: null), "
      "table and md are rounded");
  format->type_name("table|csv|jsonl|md")->group("Output");
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
  app.add_option(
         "--color", common.colour, "Colour on terminals (NO_COLOR and CLICOLOR_FORCE are honoured)")
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
