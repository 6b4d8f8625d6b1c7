#pragma once

// `glimpse completion`: a script that completes verbs, options and study names in a shell, made
// from the same tree that parses the command line.

#include <string>

#include "launcher/command_tree.h"
#include "launcher/env.h"

namespace glimpse::launcher {

struct CompletionOptions {
  CommonOptions common;
  std::string shell;       // bash, zsh or fish
  std::string candidates;  // "studies", "runs", ...: what a script asks for while it completes
  CommandNode tree;
};

int completion(const CompletionOptions& options, Env& env);

}  // namespace glimpse::launcher
