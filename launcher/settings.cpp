#include "launcher/settings.h"

#include <array>

#include "experiments/json/json_document.h"
#include "experiments/study_error.h"
#include "storage/files/file_io.h"

namespace glimpse::launcher {
namespace {

namespace fs = std::filesystem;

using experiments::SettingsFile;
using experiments::StudyError;

fs::path xdg_dir(const std::string& variable, const std::string& home, const char* fallback) {
  // The XDG specification has relative paths ignored.
  const fs::path base =
      fs::path(variable).is_absolute() ? fs::path(variable) : fs::path(home) / fallback;
  return base / "glimpse";
}

bool is_on(const std::string& text, const std::string& origin) {
  static constexpr std::array<std::string_view, 4> kOn = {"1", "true", "yes", "on"};
  static constexpr std::array<std::string_view, 5> kOff = {"", "0", "false", "no", "off"};
  for (const std::string_view word : kOn) {
    if (text == word) {
      return true;
    }
  }
  for (const std::string_view word : kOff) {
    if (text == word) {
      return false;
    }
  }
  throw StudyError(origin, {{.pointer = "", .message = "'" + text + "' is neither 1 nor 0"}});
}

// The first place that says something.
class Lookup {
 public:
  Lookup(const std::vector<SettingsSource>& files, Setting fallback)
      : files_(files), found_(std::move(fallback)) {}

  Lookup& in(const std::optional<std::string>& value, const std::string& origin) {
    if (!is_found_ && value) {
      found_ = {*value, origin};
      is_found_ = true;
    }
    return *this;
  }
  Lookup& in_environment(const std::string& value, const std::string& name) {
    return value.empty() ? *this : in(value, name);
  }
  Setting in_files(std::optional<std::string> SettingsFile::*key) {
    for (const SettingsSource& source : files_) {
      in(source.file.*key, source.origin);
    }
    return found_;
  }

 private:
  const std::vector<SettingsSource>& files_;
  Setting found_;
  bool is_found_ = false;
};

std::optional<std::string> offline_word(const std::optional<bool>& flag) {
  return flag ? std::optional<std::string>(*flag ? "true" : "false") : std::nullopt;
}

Setting offline_setting(const CommonOptions& options,
                        const Environment& environment,
                        const std::vector<SettingsSource>& files) {
  if (options.is_offline) {
    return {"true", "--offline"};
  }
  if (!environment.offline.empty()) {
    return {is_on(environment.offline, "GLIMPSE_OFFLINE") ? "true" : "false", "GLIMPSE_OFFLINE"};
  }
  for (const SettingsSource& source : files) {
    if (const auto word = offline_word(source.file.offline)) {
      return {*word, source.origin};
    }
  }
  return {"false", "default"};
}

void check_colour(const Setting& colour) {
  if (colour.value != "auto" && colour.value != "always" && colour.value != "never") {
    throw StudyError(
        colour.origin,
        {{.pointer = "", .message = "'" + colour.value + "' is none of auto, always, never"}});
  }
}

void add_if_there(std::vector<SettingsSource>& files, const fs::path& path) {
  std::error_code ignored;
  if (fs::is_regular_file(path, ignored)) {
    const std::string text = storage::load_text(path, experiments::kMaxJsonBytes);
    files.push_back({path.string(), experiments::parse_settings(text, path.string())});
  }
}

}  // namespace

Settings make_settings(const CommonOptions& options,
                       const Environment& environment,
                       const std::vector<SettingsSource>& files) {
  Settings settings;
  settings.results = Lookup(files, {"./glimpse-results", "default"})
                         .in(options.results, "--results")
                         .in_environment(environment.results, "GLIMPSE_RESULTS")
                         .in_files(&SettingsFile::results);
  settings.data_dir = Lookup(files, {"", "default"})
                          .in(options.data_dir, "--data-dir")
                          .in_environment(environment.data_dir, "GLIMPSE_DATA_DIR")
                          .in_files(&SettingsFile::data_dir);
  settings.colour = Lookup(files, {"auto", "default"})
                        .in(options.colour, "--color")
                        .in_environment(environment.colour, "GLIMPSE_COLOR")
                        .in_files(&SettingsFile::color);
  settings.offline = offline_setting(options, environment, files);
  check_colour(settings.colour);
  return settings;
}

Settings load_settings(const CommonOptions& options, const Environment& environment) {
  std::vector<SettingsSource> files;
  add_if_there(files, "./glimpse.json");
  add_if_there(files,
               xdg_dir(environment.xdg_config_home, environment.home, ".config") / "config.json");
  return make_settings(options, environment, files);
}

fs::path cache_dir(const Environment& environment) {
  return xdg_dir(environment.xdg_cache_home, environment.home, ".cache");
}

bool use_colour(std::string_view choice, const Environment& environment, bool is_terminal) {
  if (choice != "auto") {
    return choice == "always";
  }
  if (!environment.no_color.empty()) {
    return false;
  }
  if (!environment.clicolor_force.empty() && environment.clicolor_force != "0") {
    return true;
  }
  return is_terminal && environment.term != "dumb";
}

}  // namespace glimpse::launcher
