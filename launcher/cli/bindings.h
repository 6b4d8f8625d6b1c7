#pragma once

// Ties each verb's options struct to the parser. Private to this folder: the chosen verb leaves it
// as an Invocation.

#include "launcher/cli/command_line.h"

namespace CLI {
class App;
}

namespace glimpse::launcher {

// Parsing one of the verbs fills `chosen`, which must outlive `root`.
void bind_verbs(CLI::App& root, Invocation& chosen);
void bind_bench_verbs(CLI::App& root, Invocation& chosen);
void bind_report_verbs(CLI::App& root, Invocation& chosen);
void bind_control_verbs(CLI::App& root, Invocation& chosen);
void bind_gc(CLI::App& root, Invocation& chosen);
void bind_dataset_verbs(CLI::App& root, Invocation& chosen);

CommandNode describe(const CLI::App& app, const std::string& parent_path);

}  // namespace glimpse::launcher
