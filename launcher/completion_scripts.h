#pragma once

// Completion scripts for shells, made from the tree of verbs. Pure functions; the scripts ask the
// program itself for studies and runs, so those are never stale.

#include <string>

#include "launcher/command_tree.h"

namespace glimpse::launcher {

// `shell` is bash, zsh or fish.
std::string render_completion(const CommandNode& root, const std::string& shell);

}  // namespace glimpse::launcher
