#include "launcher/plan_view.h"

#include <algorithm>
#include <memory>
#include <numeric>

#include "experiments/dataset_table.h"
#include "experiments/model_facts.h"
#include "launcher/dataset_builder.h"
#include "launcher/dataset_store.h"
#include "launcher/results.h"
#include "storage/hdf5/dataset_reader.h"
#include "storage/sqlite/database.h"
#include "storage/sqlite/ledger_reader.h"
#include "storage/sqlite/schema.h"
#include "storage/storage_error.h"

namespace glimpse::launcher {
namespace {

using experiments::Assignment;
using experiments::DatasetSpec;
using experiments::Goal;
using experiments::ImageShape;
using experiments::Plan;
using experiments::PlannedTrial;
using experiments::Study;
using experiments::StudyKind;
using experiments::TrialKey;
using experiments::TrialResult;
using experiments::Value;
using storage::TrialState;

// What a selection chooses by: a metric that is not the study's is one to be small.
storage::Aim aim_of(const Study& study) {
  const std::string& metric =
      study.table && study.table->select ? study.table->select->best : study.metric.name;
  return {.metric = metric,
          .is_maximized = metric == study.metric.name && study.metric.goal == Goal::kMaximize};
}

bool is_there(const std::filesystem::path& database) {
  std::error_code ignored;
  return std::filesystem::exists(database, ignored);
}

experiments::History read_history(const Study& study, const std::filesystem::path& path) {
  if (!is_there(path)) {
    return {};
  }
  const auto database = std::make_shared<storage::Database>(path, storage::OpenMode::kReadOnly);
  storage::check_schema_is_current(*database);
  // The file is locked once, not for each trial, and all are of one moment.
  database->execute("BEGIN", "read results");
  return [database, study](const TrialKey& key) -> std::optional<TrialResult> {
    const storage::Aim aim = aim_of(study);
    const auto facts = storage::LedgerReader(*database).best(key.hex(), aim);
    if (!facts || facts->state == TrialState::kPending || facts->state == TrialState::kRunning) {
      return std::nullopt;
    }
    TrialResult result;
    result.is_complete =
        facts->state == TrialState::kDone && facts->outcome == storage::Outcome::kCompleted;
    if (facts->best) {
      result.best.emplace(aim.metric, *facts->best);
    }
    return result;
  };
}

// What a dataset's file says of itself; nothing where it is not there. Throws where it is damaged
// or another dataset. Its pixels are not looked at: that would take seconds.
std::optional<storage::DatasetInfo> find_info(const PlannedDataset& dataset) {
  std::error_code ignored;
  if (!std::filesystem::exists(dataset.path, ignored)) {
    return std::nullopt;
  }
  const storage::DatasetInfo info = storage::DatasetReader(dataset.path).info();
  check_dataset_identity(dataset.path, info, dataset.identity);
  return info;
}

PlannedDataset locate(const DatasetSpec& spec, const Settings& settings) {
  PlannedDataset dataset;
  dataset.spec = spec;
  dataset.identity = experiments::dataset_identity(spec, sha256_of_file);
  dataset.path = dataset_path(settings, spec, dataset.identity);
  return dataset;
}

// An imported file has a shape once it is in the results folder.
std::optional<ImageShape> imported_shape(const std::string& path, const Settings& settings) {
  DatasetSpec spec;
  spec.file = path;
  try {
    const auto info = find_info(locate(spec, settings));
    return info ? std::optional(ImageShape{.width = static_cast<int>(info->width),
                                           .height = static_cast<int>(info->height),
                                           .digits = static_cast<int>(info->labels_per_image)})
                : std::nullopt;
  } catch (const storage::StorageError&) {
    return std::nullopt;  // the plan tells what is wrong with it
  }
}

std::unordered_map<std::string, std::string> read_states(const std::filesystem::path& database) {
  std::unordered_map<std::string, std::string> states;
  if (is_there(database)) {
    storage::Query query(database, {});
    for (const reports::Row& row : query_table(query, "select key, state from v_trials").rows) {
      states[reports::render_exact(row[0])] = reports::render_exact(row[1]);
    }
  }
  return states;
}

// Finds each dataset once; few plans sweep a dataset's values, so a list is searched.
class DatasetList {
 public:
  explicit DatasetList(const Settings& settings) : settings_(settings) {}

  std::uint32_t place_of(const DatasetSpec& spec) {
    const auto known = std::find_if(datasets_.begin(),
                                    datasets_.end(),
                                    [&](const PlannedDataset& d) { return d.spec == spec; });
    if (known != datasets_.end()) {
      return static_cast<std::uint32_t>(known - datasets_.begin());
    }
    datasets_.push_back(locate(spec, settings_));
    PlannedDataset& dataset = datasets_.back();
    try {
      dataset.is_built = find_info(dataset).has_value();
    } catch (const storage::StorageError& error) {
      dataset.problem = error.what();
    }
    return static_cast<std::uint32_t>(datasets_.size() - 1);
  }
  std::vector<PlannedDataset> take() { return std::move(datasets_); }

 private:
  const Settings& settings_;
  std::vector<PlannedDataset> datasets_;
};

bool sweeps_dataset(const Plan& plan) {
  return std::any_of(plan.columns.begin(), plan.columns.end(), [](const auto& column) {
    return column.name.starts_with(experiments::kDatasetPrefix);
  });
}

void add_configurations(const Study& study, const Settings& settings, PlanView& view) {
  view.configurations.resize(view.plan.configurations());
  if (study.kind != StudyKind::kTrain) {
    return;
  }
  DatasetList datasets(settings);
  DatasetSpec spec = experiments::dataset_of(study, {});
  const bool is_swept = sweeps_dataset(view.plan);
  for (std::size_t i = 0; i < view.configurations.size(); ++i) {
    const Assignment values = view.plan.assignment(i);
    if (is_swept) {
      spec = experiments::dataset_of(study, values);
    }
    PlannedConfiguration& configuration = view.configurations[i];
    configuration.dataset = is_swept || i == 0 ? datasets.place_of(spec) : 0;
    if (spec.file.empty()) {
      configuration.flops = experiments::trial_flops(values, spec);
    }
  }
  view.datasets = datasets.take();
}

void add_trials(PlanView& view) {
  for (const PlannedTrial& trial : view.plan.trials) {
    PlannedConfiguration& configuration = view.configurations.at(trial.configuration);
    const std::string state = state_of(view, trial.key);
    ++configuration.trials;
    configuration.done += state == "done" ? 1 : 0;
    configuration.failed += state == "failed" ? 1 : 0;
    ++view.trials_by_state[state];
    ++(trial.stage == 1 ? view.first_stage : view.second_stage);
    view.flops += configuration.flops;
    view.flops_left += state == "done" ? 0 : configuration.flops;
  }
}

// Nobody knows the winner yet, so its trials cost what the candidates cost on average.
void add_undecided(const Study& study, PlanView& view) {
  if (!study.table || !study.table->select) {
    return;
  }
  const auto chosen = static_cast<std::size_t>(study.table->select->seeds);
  const auto seeds = static_cast<double>(study.seeds.size() - std::min(study.seeds.size(), chosen));
  for (const experiments::SelectionCell& cell : view.plan.selection) {
    if (cell.is_decided || cell.candidates.empty()) {
      continue;
    }
    const double sum = std::accumulate(
        cell.candidates.begin(), cell.candidates.end(), 0.0, [&](double total, const auto& c) {
          return total + view.configurations.at(c.configuration).flops;
        });
    const double flops = seeds * sum / static_cast<double>(cell.candidates.size());
    view.flops += flops;
    view.flops_left += flops;
  }
}

// The table's rows and columns come first, or else the model: that is how people look for a row.
std::vector<std::size_t> order_columns(const Study& study, const Plan& plan) {
  const auto rank = [&](std::size_t column) {
    const std::string& name = plan.columns[column].name;
    if (name == (study.table ? study.table->rows : "model")) {
      return 0;
    }
    return study.table && name == study.table->columns ? 1 : 2;
  };
  std::vector<std::size_t> order(plan.columns.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(
      order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return rank(a) < rank(b); });
  return order;
}

experiments::Plan plan_by(const LoadedStudy& loaded,
                          const Settings& settings,
                          const std::filesystem::path& database) {
  experiments::PlanInputs inputs;
  inputs.history = read_history(loaded.study, database);
  inputs.hash_file = sha256_of_file;
  inputs.shape_of = [settings](const std::string& path) { return imported_shape(path, settings); };
  return experiments::with_places(loaded.places,
                                  [&] { return experiments::make_plan(loaded.study, inputs); });
}

}  // namespace

experiments::Plan plan_study(const LoadedStudy& loaded, const Settings& settings) {
  return plan_by(loaded, settings, database_path(settings));
}

PlanView make_plan_view(const LoadedStudy& loaded, const Settings& settings) {
  return make_plan_view(loaded, settings, database_path(settings));
}

PlanView make_plan_view(const LoadedStudy& loaded,
                        const Settings& settings,
                        const std::filesystem::path& database) {
  const Study& study = loaded.study;
  PlanView view;
  view.plan = plan_by(loaded, settings, database);
  view.column_order = order_columns(study, view.plan);
  view.states = read_states(database);
  add_configurations(study, settings, view);
  add_trials(view);
  add_undecided(study, view);
  return view;
}

std::vector<PlannedDataset> planned_datasets(const Study& study,
                                             const Plan& plan,
                                             const Settings& settings) {
  DatasetList datasets(settings);
  const std::size_t count = sweeps_dataset(plan) ? plan.configurations() : 1;
  for (std::size_t i = 0; i < std::min(count, plan.configurations()) && study.dataset; ++i) {
    datasets.place_of(experiments::dataset_of(study, plan.assignment(i)));
  }
  return datasets.take();
}

const Value* value_of(const Plan& plan, std::size_t configuration, std::size_t column) {
  const std::uint32_t number = plan.cells.at(configuration * plan.columns.size() + column);
  return number == experiments::kAbsent ? nullptr : &plan.columns[column].values.at(number);
}

std::string state_of(const PlanView& view, const TrialKey& key) {
  if (view.states.empty()) {
    return {};
  }
  const auto found = view.states.find(key.hex());
  return found == view.states.end() ? std::string() : found->second;
}

}  // namespace glimpse::launcher
