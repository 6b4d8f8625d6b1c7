#include "launcher/command_tree.h"

#include <algorithm>
#include <sstream>

namespace glimpse::launcher {
namespace {

constexpr std::size_t kIndent = 2;
constexpr std::size_t kDocColumn = 30;
constexpr std::size_t kLineWidth = 100;

// Text from kDocColumn on, broken at blanks.
void append_doc(std::string& out, const std::string& head, const std::string& doc) {
  std::string line(kIndent, ' ');
  line += head;
  if (line.size() + 2 > kDocColumn) {
    out += line + "\n";
    line.clear();
  }
  line.resize(kDocColumn, ' ');
  std::istringstream words(doc);
  bool is_first = true;
  for (std::string word; words >> word; is_first = false) {
    if (!is_first && line.size() + 1 + word.size() > kLineWidth) {
      out += line + "\n";
      line.assign(kDocColumn, ' ');
      is_first = true;
    }
    line += (is_first ? "" : " ") + word;
  }
  out += line + "\n";
}

std::string option_head(const OptionNode& option) {
  if (option.is_positional) {
    return option.value;
  }
  std::string head = option.short_name.empty() ? "    " : option.short_name;
  if (!option.long_name.empty()) {
    head += (option.short_name.empty() ? "" : ", ") + option.long_name;
  }
  return option.value.empty() ? head : head + " " + option.value;
}

std::string usage(const CommandNode& node) {
  std::string text = "Usage: " + node.path;
  if (!node.children.empty()) {
    return text + " COMMAND [options]\n";
  }
  for (const OptionNode& option : node.options) {
    if (option.is_positional) {
      const std::string name = option.value + (option.repeats ? "..." : "");
      text += option.is_required ? " " + name : " [" + name + "]";
    }
  }
  return text + " [options]\n";
}

void append_examples(std::string& out, const std::string& examples) {
  if (examples.empty()) {
    return;
  }
  out += "\nExamples:\n";
  std::istringstream lines(examples);
  for (std::string line; std::getline(lines, line);) {
    out += "  " + line + "\n";
  }
}

// Groups come in the order in which they first appear.
template <class Node>
std::vector<std::string> groups_of(const std::vector<Node>& nodes) {
  std::vector<std::string> groups;
  for (const Node& node : nodes) {
    if (std::find(groups.begin(), groups.end(), node.group) == groups.end()) {
      groups.push_back(node.group);
    }
  }
  return groups;
}

void append_options(std::string& out, const CommandNode& node) {
  for (const std::string& group : groups_of(node.options)) {
    out += "\n" + group + ":\n";
    for (const OptionNode& option : node.options) {
      if (option.group == group) {
        append_doc(out, option_head(option), option.doc);
      }
    }
  }
}

void append_children(std::string& out, const CommandNode& node) {
  for (const std::string& group : groups_of(node.children)) {
    out += "\n" + group + ":\n";
    for (const CommandNode& child : node.children) {
      if (child.group == group) {
        append_doc(out, child.name, child.doc);
      }
    }
  }
}

}  // namespace

std::string render_help(const CommandNode& node) {
  std::string out = node.doc + "\n";
  append_examples(out, node.examples);
  out += "\n" + usage(node);
  append_children(out, node);
  append_options(out, node);
  if (!node.children.empty()) {
    out += "\n'" + node.path + " COMMAND --help' tells more about each.\n";
  }
  return out;
}

const CommandNode* find_command(const CommandNode& root, const std::vector<std::string>& path) {
  const CommandNode* node = &root;
  for (const std::string& name : path) {
    const auto found = std::find_if(node->children.begin(),
                                    node->children.end(),
                                    [&](const CommandNode& child) { return child.name == name; });
    if (found == node->children.end()) {
      return nullptr;
    }
    node = &*found;
  }
  return node;
}

std::vector<std::string> choices_of(const OptionNode& option) {
  std::vector<std::string> words;
  const bool is_placeholder = std::any_of(
      option.value.begin(), option.value.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  if (option.value.find('|') == std::string::npos || is_placeholder) {
    return words;
  }
  std::istringstream text(option.value);
  for (std::string word; std::getline(text, word, '|');) {
    words.push_back(word);
  }
  return words;
}

}  // namespace glimpse::launcher
