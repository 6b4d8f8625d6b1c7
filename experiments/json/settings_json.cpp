#include "experiments/json/settings_json.h"

#include <array>

#include "experiments/json/issue_list.h"
#include "experiments/json/json_document.h"
#include "experiments/json/object_reader.h"

namespace glimpse::experiments {
namespace {

void read_settings(ObjectReader& object, SettingsFile& file) {
  static const std::array<std::string, 3> colours = {"auto", "always", "never"};
  if (const auto value = object.find("results")) {
    file.results = value->text();
  }
  if (const auto value = object.find("data_dir")) {
    file.data_dir = value->text();
  }
  if (const auto value = object.find("color")) {
    if (const auto choice = value->choice(colours)) {
      file.color = colours.at(*choice);
    }
  }
  if (const auto value = object.find("offline")) {
    file.offline = value->flag();
  }
  object.finish();
}

}  // namespace

SettingsFile parse_settings(std::string_view text, const std::string& source) {
  IssueList issues;
  SettingsFile file;
  if (const auto root = parse_json(text, issues)) {
    if (auto object = ValueReader(*root, root->place, "", issues).object()) {
      read_settings(*object, file);
    }
  }
  issues.check(source);
  return file;
}

}  // namespace glimpse::experiments
