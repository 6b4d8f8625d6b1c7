#pragma once

// The settings files `./glimpse.json` and `config.json`: where things lie and how to talk, nothing
// that could change a number of an experiment. A pure function of the text.

#include <optional>
#include <string>
#include <string_view>

namespace glimpse::experiments {

struct SettingsFile {
  std::optional<std::string> results;
  std::optional<std::string> data_dir;
  std::optional<std::string> color;
  std::optional<bool> offline;
};

// Throws StudyError with every unknown key and wrong type; `source` names the text in it.
SettingsFile parse_settings(std::string_view text, const std::string& source);

}  // namespace glimpse::experiments
