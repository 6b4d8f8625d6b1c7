#pragma once

// Which study a word of the command line means: a path (with / or .json), else a name in the
// results folder, else a shipped study.

#include <string>
#include <vector>

#include "experiments/dataset_spec.h"
#include "experiments/json/study_json.h"
#include "experiments/study.h"
#include "launcher/settings.h"

namespace glimpse::launcher {

struct LoadedStudy {
  experiments::Study study;
  experiments::Origins origins;
  std::string source;  // "my.json", "shipped study table1", ...
  experiments::StudyPlaces places;
  std::string text;  // as given; where the command line changed it, as it was resolved
};

// Throws UsageError with the nearest name where there is no such study, StorageError where the file
// cannot be read, StudyError for what is wrong with it.
LoadedStudy load_study(const std::string& given,
                       const std::vector<std::string>& overrides,
                       const Settings& settings);

// What `glimpse dataset build` is to make: the datasets of a study, or the one that `key=value`
// words describe by themselves.
std::vector<experiments::DatasetSpec> wanted_datasets(const std::string& study,
                                                      const std::vector<std::string>& overrides,
                                                      const Settings& settings);

// The name if the results hold a study of it, else UsageError with the nearest one.
std::string stored_study_name(const std::string& given, const Settings& settings);

// For completion; no error where nothing is there.
std::vector<std::string> known_studies(const Settings& settings);
std::vector<std::string> known_runs(const Settings& settings);

}  // namespace glimpse::launcher
