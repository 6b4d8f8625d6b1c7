#pragma once

// The verbs and options of the program as plain data: help texts and shell completion are made from
// it, so neither can drift from what is parsed.

#include <string>
#include <string_view>
#include <vector>

namespace glimpse::launcher {

struct OptionNode {
  std::string short_name;  // "-q", or empty
  std::string long_name;   // "--quiet", or empty
  std::string value;       // "DIR", "table|csv|jsonl|md", "STUDY"; empty for a flag
  std::string doc;
  std::string group;
  bool is_positional = false;
  bool is_required = false;
  bool repeats = false;
};

struct CommandNode {
  std::string name;      // "build"
  std::string path;      // "glimpse dataset build"
  std::string doc;       // one sentence
  std::string examples;  // lines "command  # what it does"
  std::string group;
  std::vector<OptionNode> options;
  std::vector<CommandNode> children;
};

std::string render_help(const CommandNode& node);

// Null where the path leads nowhere.
const CommandNode* find_command(const CommandNode& root, const std::vector<std::string>& path);

// "table|csv" as its words; empty where the value is no choice ("FILE", "RUN|STUDY").
std::vector<std::string> choices_of(const OptionNode& option);

}  // namespace glimpse::launcher
