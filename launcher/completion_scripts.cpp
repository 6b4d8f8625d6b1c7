#include "launcher/completion_scripts.h"

#include <algorithm>
#include <functional>
#include <sstream>
#include <vector>

namespace glimpse::launcher {
namespace {

using Visit = std::function<void(const CommandNode&)>;

void for_each(const CommandNode& node, const Visit& visit) {
  visit(node);
  for (const CommandNode& child : node.children) {
    for_each(child, visit);
  }
}

// "glimpse dataset build" -> "dataset build".
std::string verbs(const CommandNode& node) {
  const std::size_t blank = node.path.find(' ');
  return blank == std::string::npos ? "" : node.path.substr(blank + 1);
}

std::string joined(const std::vector<std::string>& words, const std::string& between) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : between) + word;
  }
  return text;
}

// Verbs, and choices of arguments.
std::string words_of(const CommandNode& node) {
  std::vector<std::string> words;
  words.reserve(node.children.size());
  for (const CommandNode& child : node.children) {
    words.push_back(child.name);
  }
  for (const OptionNode& option : node.options) {
    if (option.is_positional) {
      const std::vector<std::string> choices = choices_of(option);
      words.insert(words.end(), choices.begin(), choices.end());
    }
  }
  return joined(words, " ");
}

std::string options_of(const CommandNode& node) {
  std::vector<std::string> names;
  for (const OptionNode& option : node.options) {
    for (const std::string& name : {option.short_name, option.long_name}) {
      if (!name.empty()) {
        names.push_back(name);
      }
    }
  }
  return joined(names, " ");
}

// "[SECONDS]" may be left out, so what comes behind it may be anything.
bool needs_value(const OptionNode& option) {
  return !option.value.empty() && !option.value.starts_with('[');
}

bool takes_files(const OptionNode& option) {
  return option.value == "DIR" || option.value == "FILE" || option.value == "DIR_OR_DB";
}

// What an argument may be: names that the program lists for --candidates, and the shell's own
// files, of all kinds ("*") or with one ending.
struct Candidates {
  std::vector<std::string> names;
  std::string files;
};

Candidates candidates_of(const CommandNode& node) {
  for (const OptionNode& option : node.options) {
    if (!option.is_positional) {
      continue;
    }
    if (option.value == "STUDY") {
      return {{"studies"}, "*.json"};
    }
    if (option.value == "DATASET") {
      return {{"datasets"}, "*.h5"};
    }
    if (option.value == "MODEL") {
      return {{"models"}, ""};
    }
    if (option.value == "RUN|STUDY") {
      return {{"runs", "studies"}, ""};
    }
    if (option.value == "RUN") {
      return {{"runs"}, ""};
    }
    if (takes_files(option)) {
      return {{}, "*"};
    }
  }
  return {};
}

// Bash and zsh (through bashcompinit) share one function.
std::string bash_values(const CommandNode& root) {
  std::string cases;
  std::vector<std::string> seen;
  for_each(root, [&](const CommandNode& node) {
    for (const OptionNode& option : node.options) {
      const bool is_new = std::find(seen.begin(), seen.end(), option.long_name) == seen.end();
      if (option.is_positional || !needs_value(option) || !is_new) {
        continue;
      }
      seen.push_back(option.long_name);
      const std::vector<std::string> choices = choices_of(option);
      const std::string names =
          option.short_name.empty() ? option.long_name : option.short_name + "|" + option.long_name;
      if (!choices.empty()) {
        cases += "    " + names + ") COMPREPLY=($(compgen -W \"" + joined(choices, " ") +
                 "\" -- \"$word\")); return ;;\n";
      } else if (option.value == "STUDY") {
        cases += "    " + names + ") list=studies ;;\n";
      } else if (takes_files(option)) {
        cases += "    " + names + ") COMPREPLY=($(compgen -f -- \"$word\")); return ;;\n";
      } else {
        cases += "    " + names + ") return ;;\n";
      }
    }
  });
  return cases;
}

std::string bash_script(const CommandNode& root) {
  std::string cases;
  std::string paths;
  for_each(root, [&](const CommandNode& node) {
    const std::string path = verbs(node);
    const Candidates candidates = candidates_of(node);
    cases += "    \"" + path + "\") words=\"" + words_of(node) + "\"; options=\"" +
             options_of(node) + "\"; list=\"" + joined(candidates.names, " ") + "\"; files='" +
             candidates.files + "' ;;\n";
    paths += "|" + path;
  });
  return "# glimpse completion; load with: source <(glimpse completion bash)\n"
         "_glimpse() {\n"
         "  local word=\"${COMP_WORDS[COMP_CWORD]}\" before=\"${COMP_WORDS[COMP_CWORD-1]}\"\n"
         "  COMPREPLY=()\n"
         "  local path=\"\" words=\"\" options=\"\" list=\"\" files=\"\" kind i known=\"" +
         paths +
         "|\"\n"
         "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
         "    case \"$known\" in *\"|${path:+$path }${COMP_WORDS[i]}|\"*)\n"
         "      path=\"${path:+$path }${COMP_WORDS[i]}\" ;;\n"
         "    esac\n"
         "  done\n"
         "  case \"$path\" in\n" +
         cases +
         "  esac\n"
         "  case \"$before\" in\n" +
         bash_values(root) +
         "  esac\n"
         "  if [[ $word == -* ]]; then\n"
         "    COMPREPLY=($(compgen -W \"$options\" -- \"$word\"))\n"
         "    return\n"
         "  fi\n"
         "  for kind in $list; do\n"
         "    words=\"$words $(\"${COMP_WORDS[0]}\" completion --candidates $kind 2>/dev/null)\"\n"
         "  done\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
         "  if [[ -n $files ]]; then\n"
         "    COMPREPLY+=($(compgen -f -X \"!$files\" -- \"$word\"))\n"
         "    [[ $files == '*' ]] || COMPREPLY+=($(compgen -d -- \"$word\"))\n"
         "  fi\n"
         "}\n"
         // Names before files; shells that cannot keep that order sort them.
         "complete -o nosort -o filenames -F _glimpse glimpse 2>/dev/null ||\n"
         "  complete -o filenames -F _glimpse glimpse\n";
}

std::string quoted_for_fish(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    out += c == '\'' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  }
  return out + "'";
}

// Holds once all verbs of the path, and none that would lead elsewhere, stand on the line.
std::string fish_condition(const CommandNode& root, const CommandNode& node) {
  std::vector<std::string> parts;
  std::istringstream path(verbs(node));
  for (std::string verb; path >> verb;) {
    parts.push_back("__fish_seen_subcommand_from " + verb);
  }
  std::vector<std::string> elsewhere;
  elsewhere.reserve(node.children.size());
  for (const CommandNode& child : node.children) {
    elsewhere.push_back(child.name);
  }
  for (const CommandNode& verb : root.children) {
    // `dataset show` is not `show`.
    if (parts.size() == 1 && !verb.children.empty() && verb.name != node.name) {
      elsewhere.push_back(verb.name);
    }
  }
  if (!elsewhere.empty()) {
    parts.push_back("not __fish_seen_subcommand_from " + joined(elsewhere, " "));
  }
  return "complete -c glimpse -n " + quoted_for_fish(joined(parts, "; and "));
}

void append_fish_option(std::string& out, const std::string& head, const OptionNode& option) {
  if (option.is_positional) {
    const std::vector<std::string> choices = choices_of(option);
    if (!choices.empty()) {
      out += head + " -f -a " + quoted_for_fish(joined(choices, " ")) + "\n";
    }
    return;
  }
  out += head;
  out += option.short_name.empty() ? "" : " -s " + option.short_name.substr(1);
  out += option.long_name.empty() ? "" : " -l " + option.long_name.substr(2);
  if (needs_value(option)) {
    const std::vector<std::string> choices = choices_of(option);
    out += takes_files(option) ? " -r" : " -x";
    out += choices.empty() ? "" : " -a " + quoted_for_fish(joined(choices, " "));
  }
  out += " -d " + quoted_for_fish(option.doc) + "\n";
}

// Where nothing is asked for, fish offers files of all kinds by itself.
void append_fish_candidates(std::string& out, const std::string& head, const Candidates& found) {
  for (const std::string& kind : found.names) {
    out += head;
    out += " -f -a '(glimpse completion --candidates " + kind + " 2>/dev/null)'\n";
  }
  if (!found.names.empty() && !found.files.empty()) {
    out += head;
    out += " -f -a '(__fish_complete_suffix " + found.files.substr(1) + ")'\n";
  }
}

std::string fish_script(const CommandNode& root) {
  std::string out = "# glimpse completion for fish\n";
  for_each(root, [&](const CommandNode& node) {
    const std::string head = fish_condition(root, node);
    for (const CommandNode& child : node.children) {
      out += head;
      out += " -f -a " + child.name + " -d " + quoted_for_fish(child.doc) + "\n";
    }
    for (const OptionNode& option : node.options) {
      append_fish_option(out, head, option);
    }
    append_fish_candidates(out, head, candidates_of(node));
  });
  return out;
}

}  // namespace

std::string render_completion(const CommandNode& root, const std::string& shell) {
  if (shell == "fish") {
    return fish_script(root);
  }
  if (shell == "zsh") {
    return "(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }\n"
           "autoload -Uz bashcompinit && bashcompinit\n" +
           bash_script(root);
  }
  return bash_script(root);
}

}  // namespace glimpse::launcher
