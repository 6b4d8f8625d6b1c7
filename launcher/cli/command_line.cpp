#include "launcher/cli/command_line.h"

#include <algorithm>

#include <CLI/CLI.hpp>

#include "experiments/nearest.h"
#include "launcher/build_info.h"
#include "launcher/cli/bindings.h"

namespace glimpse::launcher {
namespace {

std::string long_or_short(const CLI::Option& option, bool wants_long) {
  const auto& names = wants_long ? option.get_lnames() : option.get_snames();
  return names.empty() ? "" : (wants_long ? "--" : "-") + names.front();
}

OptionNode describe_option(const CLI::Option& option) {
  OptionNode node;
  node.is_positional = option.get_positional();
  node.short_name = long_or_short(option, false);
  node.long_name = long_or_short(option, true);
  if (!option.get_option_text().empty()) {
    node.value = option.get_option_text();
  } else if (node.is_positional) {
    node.value = option.get_name();
  } else if (option.get_expected_max() > 0) {
    // CLI11 puts its checks behind the name: "NUMBER:POSITIVE".
    node.value = option.get_type_name();
    node.value = node.value.substr(0, node.value.find(':'));
  }
  node.doc = option.get_description();
  node.group = node.is_positional ? "Arguments" : option.get_group();
  node.is_required = option.get_required();
  node.repeats = option.get_expected_max() >= CLI::detail::expected_max_vector_size;
  return node;
}

void build(CLI::App& root, Invocation& chosen) {
  root.name("glimpse");
  root.set_help_flag("-h,--help", "Print this text")->group("General");
  root.set_version_flag("--version", build_info().version, "Print the version")->group("General");
  root.footer(
      "glimpse plan table1-smoke                 # what the small study would run\n"
      "glimpse dataset build table1-smoke        # make its images\n"
      "glimpse query \"select * from v_cells\"     # ask the results anything");
  root.require_subcommand(1);
  bind_verbs(root, chosen);
}

// The verb that was parsed, as far as there is one.
const CLI::App* verb_of(const CLI::App& root) {
  const CLI::App* app = &root;
  while (!app->get_subcommands().empty()) {
    app = app->get_subcommands().front();
  }
  return app;
}

const CommandNode& node_of(const CommandNode& tree, const CLI::App& root) {
  const CommandNode* node = &tree;
  for (const CLI::App* app = &root; !app->get_subcommands().empty();) {
    app = app->get_subcommands().front();
    node = find_command(*node, {app->get_name()});
  }
  return *node;
}

std::string with_hint(const CommandNode& node, const std::string& complaint) {
  return complaint + "\ntry '" + node.path + " --help'";
}

// "glimpse: unknown command 'plna' (did you mean "plan"?)", or nothing.
std::string verb_problem(const CommandNode& root, const std::vector<std::string>& arguments) {
  const CommandNode* node = &root;
  for (const std::string& word : arguments) {
    if (node->children.empty() || word.starts_with("-")) {
      break;
    }
    const CommandNode* const child = find_command(*node, {word});
    if (child == nullptr) {
      std::vector<std::string> names;
      names.reserve(node->children.size());
      for (const CommandNode& known : node->children) {
        names.push_back(known.name);
      }
      return with_hint(
          *node,
          node->path + ": unknown command '" + word + "'" + experiments::did_you_mean(word, names));
    }
    node = child;
  }
  return {};
}

// Nothing, or which word stands where only a few others may.
std::string choice_problem(const CLI::App& app, const CommandNode& node) {
  for (const CLI::Option* option : app.get_options()) {
    const OptionNode described = describe_option(*option);
    const std::vector<std::string> choices = choices_of(described);
    for (const std::string& word : option->results()) {
      if (!choices.empty() && std::find(choices.begin(), choices.end(), word) == choices.end()) {
        std::string complaint = node.path + ": ";
        complaint += described.is_positional ? "argument" : described.long_name;
        complaint += ": '" + word + "' is none of " + described.value;
        return with_hint(node, complaint + experiments::did_you_mean(word, choices));
      }
    }
  }
  return {};
}

std::string extra_problem(const CommandNode& node, const std::string& word) {
  if (!word.starts_with("-")) {
    return with_hint(node, node.path + ": unexpected argument '" + word + "'");
  }
  std::vector<std::string> names;
  for (const OptionNode& option : node.options) {
    names.push_back(option.long_name);
    names.push_back(option.short_name);
  }
  const std::string name = word.substr(0, word.find('='));
  if (std::find(names.begin(), names.end(), name) != names.end()) {
    return with_hint(node,
                     "glimpse: '" + name + "' goes behind the verb: " + node.path + " " + name);
  }
  return with_hint(
      node, node.path + ": unknown option '" + name + "'" + experiments::did_you_mean(name, names));
}

// What is missing; where nothing is, a verb was to follow.
std::string required_problem(const CLI::App& app, const CommandNode& node) {
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_required() && option->count() == 0) {
      return with_hint(node, node.path + ": " + describe_option(*option).value + " is required");
    }
  }
  return render_help(node);
}

// `glimpse help dataset build` is `glimpse dataset build --help`.
std::vector<std::string> without_help_verb(std::vector<std::string> arguments) {
  if (!arguments.empty() && arguments.front() == "help") {
    arguments.erase(arguments.begin());
    arguments.emplace_back("--help");
  }
  return arguments;
}

}  // namespace

CommandNode describe(const CLI::App& app, const std::string& parent_path) {
  CommandNode node;
  node.name = app.get_name();
  node.path = parent_path.empty() ? node.name : parent_path + " " + node.name;
  node.doc = app.get_description();
  node.examples = app.get_footer();
  node.group = app.get_group();
  for (const CLI::Option* option : app.get_options()) {
    node.options.push_back(describe_option(*option));
  }
  for (const CLI::App* child : app.get_subcommands(nullptr)) {
    node.children.push_back(describe(*child, node.path));
  }
  return node;
}

CommandNode describe_commands() {
  CLI::App root("Sweeps and experiments whose results can be proved");
  Invocation unused;
  build(root, unused);
  return describe(root, "");
}

CommandLine parse_command_line(const std::vector<std::string>& arguments) {
  CLI::App root("Sweeps and experiments whose results can be proved");
  Invocation chosen;
  build(root, chosen);
  const CommandNode tree = describe(root, "");
  CommandLine line;
  const auto named = [&] { return node_of(tree, root); };
  std::vector<std::string> words = without_help_verb(arguments);
  line.complaint = verb_problem(tree, words);
  if (!line.complaint.empty()) {
    return line;
  }
  try {
    std::reverse(words.begin(), words.end());  // as the parser wants them
    root.parse(std::move(words));
    line.complaint = choice_problem(*verb_of(root), named());
    if (line.complaint.empty()) {
      chosen.verb = root.get_subcommands().front()->get_name();
      line.invocation = std::move(chosen);
    }
  } catch (const CLI::CallForHelp&) {
    line.help = render_help(named());
  } catch (const CLI::CallForVersion& version) {
    line.help = std::string(version.what()) + "\n";
  } catch (const CLI::ExtrasError&) {
    line.complaint = extra_problem(named(), root.remaining(true).front());
  } catch (const CLI::RequiredError&) {
    const std::vector<std::string> unknown = root.remaining(true);
    line.complaint = unknown.empty() ? required_problem(*verb_of(root), named())
                                     : extra_problem(named(), unknown.front());
  } catch (const CLI::ParseError& error) {
    const CommandNode node = named();
    line.complaint = with_hint(node, node.path + ": " + error.what());
  }
  return line;
}

}  // namespace glimpse::launcher
