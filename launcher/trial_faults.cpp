#include "launcher/trial_faults.h"

#include "experiments/dataset_table.h"
#include "experiments/json_writer.h"
#include "experiments/model_table.h"
#include "experiments/plan/trial_key.h"
#include "experiments/study_error.h"

namespace glimpse::launcher {
namespace {

using experiments::Assignment;
using experiments::TrialFile;

std::string quote(const std::string& text) {
  std::string quoted;
  experiments::append_json_string(quoted, text);
  return quoted;
}

Assignment without_dataset(const Assignment& parameters) {
  Assignment kept;
  for (const auto& [name, value] : parameters) {
    if (!name.starts_with(experiments::kDatasetPrefix)) {
      kept.emplace(name, value);
    }
  }
  return kept;
}

bool is_this_version(const TrialFile& trial) {
  const auto model = trial.parameters.find("model");
  const auto* const name =
      model == trial.parameters.end() ? nullptr : std::get_if<std::string>(&model->second);
  const auto* const facts = name == nullptr ? nullptr : experiments::find_model(*name);
  return facts != nullptr && std::to_string(facts->code) == trial.code;
}

class TrialFaults {
 public:
  void compare(const std::string& what, const std::string& stored, const std::string& told) {
    if (stored != told) {
      lines_.push_back(what + " is " + told + ", but " + stored + " in the database");
    }
  }
  void add(const std::string& line) { lines_.push_back(line); }
  std::vector<std::string> take() { return std::move(lines_); }

 private:
  std::vector<std::string> lines_;
};

// The database keeps what a study gave; the file has the defaults of the rest beside it.
void compare_parameters(const TrialFile& trial, const std::string& json, TrialFaults& faults) {
  Assignment stored;
  try {
    stored = experiments::parse_trial(R"({"kind": "command", "parameters": )" + json + "}", "rows")
                 .parameters;
  } catch (const experiments::StudyError& error) {
    faults.add("the parameters in the database cannot be read: " +
               render_issue("they", error.issues().front()));
    return;
  }
  for (const auto& [name, value] : trial.is_command ? stored : without_dataset(stored)) {
    const auto told = trial.parameters.find(name);
    faults.compare(
        "parameter " + name,
        experiments::render_json(value),
        told == trial.parameters.end() ? "missing" : experiments::render_json(told->second));
  }
}

void compare_rows(const TrialFile& trial, const storage::RunRows& rows, TrialFaults& faults) {
  faults.compare("key", quote(rows.key), quote(trial.key));
  faults.compare("kind", quote(rows.kind), quote(trial.is_command ? "command" : "train"));
  faults.compare("code", quote(rows.code), quote(trial.code));
  faults.compare("dataset", quote(rows.dataset), quote(trial.dataset));
  faults.compare("arm", quote(rows.arm), quote(trial.arm));
  faults.compare("seed", std::to_string(rows.seed), std::to_string(trial.seed));
  faults.compare("world_size", std::to_string(rows.world_size), std::to_string(trial.world_size));
  compare_parameters(trial, rows.parameters_json, faults);
}

}  // namespace

std::string key_of_values(const TrialFile& trial) {
  if (!trial.is_command && !is_this_version(trial)) {
    return "";
  }
  const Assignment own = without_dataset(trial.parameters);
  return experiments::KeyMaker({.kind = trial.is_command ? "command" : "train",
                                .code_json = trial.is_command ? quote(trial.code) : trial.code,
                                .dataset = trial.dataset,
                                .arm = trial.arm,
                                .world_size = trial.world_size,
                                .parameters_json = experiments::render_json(
                                    trial.is_command ? own : experiments::without_defaults(own))})
      .key(trial.seed)
      .hex();
}

std::vector<std::string> find_trial_faults(const TrialFile& trial,
                                           const std::string& run_id,
                                           const storage::RunRows* rows) {
  TrialFaults faults;
  if (!trial.key.starts_with(run_id)) {
    faults.add("its key is not that of its folder");
  }
  if (rows != nullptr) {
    compare_rows(trial, *rows, faults);
  }
  const std::string key = key_of_values(trial);
  if (!key.empty() && key != trial.key) {
    faults.add("its key is " + trial.key + ", but its values give " + key);
  }
  return faults.take();
}

}  // namespace glimpse::launcher
