#include "launcher/study_source.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>

#include "experiments/dataset_table.h"
#include "experiments/json/json_document.h"
#include "experiments/json/shipped_studies.h"
#include "experiments/nearest.h"
#include "experiments/overrides.h"
#include "experiments/parameter_lookup.h"
#include "experiments/plan/narrowing.h"
#include "experiments/study_error.h"
#include "launcher/plan_view.h"
#include "launcher/results.h"
#include "launcher/results_folder.h"
#include "launcher/usage_error.h"
#include "storage/files/file_io.h"

namespace glimpse::launcher {
namespace {

using experiments::Assignment;
using experiments::DatasetSpec;
using experiments::Issue;
using experiments::Override;
using experiments::StudyError;
using experiments::Value;

struct StudyText {
  std::string text;
  std::string source;
};

bool is_path(const std::string& given) {
  return given.find('/') != std::string::npos || given.ends_with(".json");
}

std::vector<std::string> stored_studies(const Settings& settings) {
  return query_names(settings, "select distinct study from v_studies order by study");
}

std::optional<StudyText> find_stored(const std::string& name, const Settings& settings) {
  if (!has_database(settings)) {
    return std::nullopt;
  }
  storage::Query results = open_results(settings);
  const auto rows =
      query_table(
          results, "select text_hash from v_studies where study = :s and is_newest", {{"s", name}})
          .rows;
  if (rows.empty()) {
    return std::nullopt;
  }
  const auto file = results_folder(settings).study_file(reports::render_exact(rows.front().at(0)));
  return StudyText{storage::load_text(file, experiments::kMaxJsonBytes), file.string()};
}

StudyText load_text(const std::string& given, const Settings& settings) {
  if (is_path(given)) {
    return {storage::load_text(given, experiments::kMaxJsonBytes), given};
  }
  if (auto stored = find_stored(given, settings)) {
    return *stored;
  }
  if (const auto* const shipped = experiments::find_shipped_study(given)) {
    return {std::string(shipped->text), "shipped study " + given};
  }
  const std::string hint = std::filesystem::is_regular_file(given)
                               ? " (for the file of that name write ./" + given + ")"
                               : experiments::did_you_mean_any(given, known_studies(settings));
  throw UsageError("no study '" + given + "'" + hint);
}

// true, false and numbers as JSON has them, everything else is text.
Value parse_value(const std::string& text) {
  if (text == "true" || text == "false") {
    return text == "true";
  }
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, number);
  return result.ec == std::errc() && result.ptr == end ? Value(number) : Value(text);
}

std::vector<std::string> dataset_names() {
  std::vector<std::string> names;
  for (const experiments::ParameterRow& row : experiments::dataset_rows()) {
    names.push_back(row.name);
  }
  return names;
}

// "train=1000" and "dataset.train=1000" mean the same where there is no study.
void read_dataset_value(const Override& given, Assignment& values, std::vector<Issue>& issues) {
  std::string name = given.key;
  if (name.starts_with(experiments::kDatasetPrefix)) {
    name.erase(0, experiments::kDatasetPrefix.size());
  }
  const Issue issue{.pointer = "/dataset/" + name, .message = {}};
  const auto complain = [&](const std::string& message) {
    issues.push_back(issue);
    issues.back().message = message;
  };
  if (experiments::find_dataset_row(name) == nullptr) {
    complain("unknown key" + experiments::did_you_mean(name, dataset_names()));
  } else if (given.values.size() != 1) {
    complain("takes one value here (a study can sweep it)");
  } else if (const auto problem =
                 experiments::dataset_value_problem(name, parse_value(given.values.front()))) {
    complain(*problem);
  } else {
    values[name] = parse_value(given.values.front());
  }
}

DatasetSpec typed_dataset(const std::vector<std::string>& overrides) {
  const std::string source = "command line";
  Assignment values;
  std::vector<Issue> issues;
  for (const Override& given : experiments::parse_overrides(overrides)) {
    read_dataset_value(given, values, issues);
  }
  if (!issues.empty()) {
    throw StudyError(source, issues);
  }
  DatasetSpec spec = experiments::make_dataset_spec(values);
  issues = experiments::dataset_issues(spec);
  if (!issues.empty()) {
    throw StudyError(source, issues);
  }
  return spec;
}

void narrow(experiments::ResolvedStudy& resolved, const StudyText& text) {
  experiments::Study written;
  try {
    written = experiments::parse_study(text.text, text.source);
  } catch (const StudyError&) {
    return;  // the overrides replace what is wrong in it
  }
  for (const std::string& name : experiments::drop_what_lost_its_meaning(resolved.study, written)) {
    resolved.origins.erase(experiments::parameter_pointer(name));
  }
}

}  // namespace

LoadedStudy load_study(const std::string& given,
                       const std::vector<std::string>& overrides,
                       const Settings& settings) {
  const std::vector<Override> parsed = experiments::parse_overrides(overrides);
  const StudyText text = load_text(given, settings);
  experiments::ResolvedStudy resolved = experiments::resolve_study(text.text, text.source, parsed);
  std::string kept = text.text;
  if (!parsed.empty()) {
    narrow(resolved, text);
    kept = experiments::print_resolved(resolved.study, resolved.origins);
  }
  return {std::move(resolved.study),
          std::move(resolved.origins),
          text.source,
          std::move(resolved.places),
          std::move(kept)};
}

std::vector<DatasetSpec> wanted_datasets(const std::string& study,
                                         const std::vector<std::string>& overrides,
                                         const Settings& settings) {
  // The first word may be an override already.
  if (study.empty() || experiments::is_override(study)) {
    std::vector<std::string> words = overrides;
    if (!study.empty()) {
      words.insert(words.begin(), study);
    }
    return {typed_dataset(words)};
  }
  const LoadedStudy loaded = load_study(study, overrides, settings);
  if (!loaded.study.dataset) {
    throw UsageError("dataset build: the study " + study + " has no dataset");
  }
  const experiments::Plan plan = plan_study(loaded, settings);
  std::vector<DatasetSpec> specs;
  for (const PlannedDataset& dataset : planned_datasets(loaded.study, plan, settings)) {
    specs.push_back(dataset.spec);
  }
  return specs;
}

std::string stored_study_name(const std::string& given, const Settings& settings) {
  const std::vector<std::string> names = stored_studies(settings);
  if (std::find(names.begin(), names.end(), given) == names.end()) {
    throw UsageError("no study '" + given + "' in " + settings.results.value +
                     experiments::did_you_mean_any(given, names));
  }
  return given;
}

std::vector<std::string> known_studies(const Settings& settings) {
  std::vector<std::string> names = stored_studies(settings);
  for (const experiments::ShippedStudy& study : experiments::shipped_studies()) {
    names.emplace_back(study.name);
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::vector<std::string> known_runs(const Settings& settings) {
  return query_names(settings, "select run_id from v_trials order by run_id limit 10000");
}

}  // namespace glimpse::launcher
