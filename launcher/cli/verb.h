#pragma once

// What the bindings of all verbs share. Private to this folder, because it names CLI11.

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include <CLI/CLI.hpp>

#include "launcher/cli/command_line.h"

namespace glimpse::launcher {

struct VerbText {
  std::string name;
  std::string doc;
  std::string examples;
  std::string group;
};

// Checks that say in plain words what a number must be; CLI11's own print its whole range.
CLI::Validator whole_number(std::int64_t min, std::int64_t max);
CLI::Validator number_above_zero();

CLI::App& add_verb(CLI::App& parent, const VerbText& text);

// Each adds a group of options that several verbs have. A type name "a|b" makes the parser refuse
// every other word.
void add_output(CLI::App& app, OutputOptions& output);
void add_results(CLI::App& app, CommonOptions& common);
void add_data_dir(CLI::App& app, CommonOptions& common);
void add_talk(CLI::App& app, CommonOptions& common);

// Ends a binding: with -q, -v, --color and --help in every verb, and `run` as what it does.
template <class Options>
void finish_verb(CLI::App& app,
                 Invocation& chosen,
                 const std::shared_ptr<Options>& options,
                 int (*run)(const Options&, Env&)) {
  add_talk(app, options->common);
  app.callback([&chosen, options, run] {
    chosen = {.verb = {}, .common = options->common, .run = [options, run](Env& env) {
                return run(*options, env);
              }};
  });
}

}  // namespace glimpse::launcher
