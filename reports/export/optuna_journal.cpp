#include "reports/export/optuna_journal.h"

#include <string>

#include "experiments/json_writer.h"
#include "reports/export/export_folder.h"
#include "reports/export/optuna_space.h"

namespace glimpse::reports {
namespace {

using experiments::JsonWriter;

constexpr const char* kFile = "journal.log";

// Optuna's JournalOperation, StudyDirection and TrialState.
constexpr int kCreateStudy = 0;
constexpr int kSetStudyUserAttribute = 2;
constexpr int kSetStudySystemAttribute = 3;
constexpr int kCreateTrial = 4;
constexpr int kMinimize = 1;
constexpr int kMaximize = 2;
enum class TrialState { kRunning = 0, kComplete = 1, kPruned = 2, kFail = 3, kWaiting = 4 };

// A complete trial of Optuna's has a value. A run that diverged has none, and one of a study whose
// metric it never reported has none either.
TrialState state_of(const RunFacts& run) {
  if (run.is_completed() && run.objective) {
    return TrialState::kComplete;
  }
  if (run.outcome == "pruned") {
    return TrialState::kPruned;
  }
  if (run.state == "running") {
    return TrialState::kRunning;
  }
  return run.state == "pending" ? TrialState::kWaiting : TrialState::kFail;
}

// "2026-01-02T03:04:05.678Z" in the one form that every Python since 3.7 reads.
std::string as_python_time(const std::string& utc) {
  return utc.substr(0, utc.size() - 1) + "000+00:00";
}

JsonWriter begin_line(int operation) {
  JsonWriter json;
  json.begin_object().key("op_code").integer(operation).key("worker_id").string("glimpse");
  if (operation != kCreateStudy) {
    json.key("study_id").integer(0);
  }
  return json;
}

std::string end_line(JsonWriter& json) {
  return json.end_object().take() + "\n";
}

std::string render_study(const StudyFacts& study) {
  JsonWriter created = begin_line(kCreateStudy);
  created.key("study_name").string(study.name).key("directions").begin_array();
  created.integer(study.is_maximized ? kMaximize : kMinimize).end_array();
  JsonWriter metric = begin_line(kSetStudySystemAttribute);
  metric.key("system_attr").begin_object().key("study:metric_names").begin_array();
  metric.string(study.metric).end_array().end_object();
  JsonWriter text = begin_line(kSetStudyUserAttribute);
  text.key("user_attr").begin_object().key("text_hash").string(study.text_hash).end_object();
  return end_line(created) + end_line(metric) + end_line(text);
}

void append_times(JsonWriter& json, const RunFacts& run) {
  json.key("datetime_start");
  run.started.empty() ? json.null() : json.string(as_python_time(run.started));
  if (!run.ended.empty()) {  // Optuna reads a null here as a text
    json.key("datetime_complete").string(as_python_time(run.ended));
  }
}

void append_value(JsonWriter& json, const RunFacts& run) {
  const TrialState state = state_of(run);
  json.key("state").integer(static_cast<int>(state)).key("value");
  state == TrialState::kComplete ? json.number(*run.objective) : json.null();
  json.key("values").null();
}

void append_parameters(JsonWriter& json, const RunFacts& run, const OptunaSpace& space) {
  json.key("distributions").begin_object();
  for (const auto& [name, value] : run.parameters) {
    json.key(name).string(space.distribution(name));
  }
  json.end_object().key("params").begin_object();
  for (const auto& [name, value] : run.parameters) {
    json.key(name).number(space.number_for(name, value));
  }
  json.end_object();
}

void append_attributes(JsonWriter& json, const RunFacts& run) {
  json.key("user_attrs").begin_object();
  json.key("run_id").string(run.run_id).key("seed").integer(run.seed);
  json.key("configuration").integer(run.configuration).key("arm").string(run.arm);
  json.key("state").string(run.state).key("outcome").string(run.outcome);
  json.end_object().key("system_attrs").begin_object().end_object();
}

}  // namespace

void export_optuna(const StudyReader& reader,
                   const StudyFacts& study,
                   const experiments::Study& definition,
                   const std::filesystem::path& folder) {
  const OptunaSpace space(definition, study.runs);
  ExportFile file = ExportFolder(folder, {kFile}).create(kFile);
  file.write(render_study(study));
  for (const RunFacts& run : study.runs) {
    JsonWriter json = begin_line(kCreateTrial);
    append_times(json, run);
    append_value(json, run);
    append_parameters(json, run, space);
    append_attributes(json, run);
    json.key("intermediate_values").begin_object();
    reader.read_metric(run, study.metric, [&](const MetricPoint& point) {
      if (point.value) {  // JSON has no word for the others
        json.key(std::to_string(point.epoch)).number(*point.value);
        file.write(json.take());
      }
    });
    json.end_object();
    file.write(end_line(json));
  }
  file.commit();
}

}  // namespace glimpse::reports
