#pragma once

// Where a command works and how it talks, each value from the first place that says it: command
// line, environment, ./glimpse.json, the user's config.json, default. Pure but for load_settings.

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/json/settings_json.h"
#include "launcher/environment.h"

namespace glimpse::launcher {

// What a command line said; nothing where it said nothing.
struct CommonOptions {
  std::optional<std::string> results;
  std::optional<std::string> data_dir;
  std::optional<std::string> colour;
  bool is_offline = false;
  bool is_quiet = false;
  bool is_verbose = false;
};

struct Setting {
  std::string value;
  std::string origin;  // "--results", "GLIMPSE_RESULTS", "./glimpse.json", ..., "default"
};

struct Settings {
  Setting results;
  Setting data_dir;  // empty: only the usual places are searched
  Setting colour;    // auto, always or never
  Setting offline;   // "true" or "false"

  [[nodiscard]] std::filesystem::path results_dir() const { return results.value; }
  [[nodiscard]] bool is_offline() const { return offline.value == "true"; }
};

struct SettingsSource {
  std::string origin;
  experiments::SettingsFile file;
};

// `files` in order of precedence. Throws StudyError for a value that is none, naming its origin.
Settings make_settings(const CommonOptions& options,
                       const Environment& environment,
                       const std::vector<SettingsSource>& files);

// With the project's and the user's file as they lie on the disk.
Settings load_settings(const CommonOptions& options, const Environment& environment);

// $XDG_CACHE_HOME/glimpse, or ~/.cache/glimpse.
std::filesystem::path cache_dir(const Environment& environment);

bool use_colour(std::string_view choice, const Environment& environment, bool is_terminal);

}  // namespace glimpse::launcher
