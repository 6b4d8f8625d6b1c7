#pragma once

// From argv to one command with its options. The only folder that knows CLI11.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "launcher/command_tree.h"
#include "launcher/env.h"
#include "launcher/settings.h"

namespace glimpse::launcher {

struct Invocation {
  std::string verb;
  CommonOptions common;
  std::function<int(Env&)> run;
};

// Exactly one of the three says something.
struct CommandLine {
  std::optional<Invocation> invocation;
  std::string help;       // asked for, so it belongs on stdout
  std::string complaint;  // what cannot be understood, with the nearest name
};

CommandLine parse_command_line(const std::vector<std::string>& arguments);

// The whole tree of verbs.
CommandNode describe_commands();

}  // namespace glimpse::launcher
