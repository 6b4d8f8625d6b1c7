#include "launcher/run/study_run.h"

#include <utility>

#include "experiments/json/trial_json.h"
#include "experiments/plan/plan_keys.h"
#include "launcher/dataset_store.h"
#include "launcher/plan_reuse.h"
#include "launcher/results.h"
#include "launcher/run/attempt_history.h"
#include "launcher/run/ledger_plan.h"
#include "launcher/study_schedule.h"
#include "launcher/study_text.h"
#include "storage/sqlite/results_store.h"

namespace glimpse::launcher {
namespace {

using experiments::Assignment;
using experiments::PlannedTrial;
using experiments::Study;
using experiments::StudyKind;
using storage::ResultsStore;

// Our trainer tells of itself every second or after a batch; a command need not.
constexpr double kTrainerSilenceSeconds = 60;
// From its start to a checkpoint that is worth something.
constexpr double kShortestTrainingSeconds = 30;
// What a core does until results tell better.
constexpr double kFlopsPerSecond = 30e9;

bool is_command(const Study& study) {
  return study.kind == StudyKind::kCommand;
}

// What earlier runs used of the study's budget, where it has one.
double read_device_seconds(const Study& study, const Settings& settings) {
  if (!study.limits.device_hours || !has_database(settings)) {
    return 0;
  }
  storage::Query results = open_results(settings);
  const auto used = query_table(results,
                                "select sum(a.seconds) from v_attempts a join v_plan p"
                                " on p.run_id = a.run_id where p.study = :study",
                                {{"study", study.name}});
  const auto* const seconds = std::get_if<double>(&used.rows.at(0).at(0));
  return seconds == nullptr ? 0 : *seconds * schedule_demand(study, {}, 0).slots;
}

// 0: nobody knows.
double expected_s(const PlanView& view,
                  const TrialDurations& durations,
                  std::uint32_t configuration) {
  const double flops = view.configurations.at(configuration).flops;
  if (const auto recorded = durations.of_configuration(configuration)) {
    return *recorded;
  }
  return flops > 0 ? flops * durations.per_flop().value_or(1 / kFlopsPerSecond)
                   : durations.of_any().value_or(0);
}

}  // namespace

StudyRun::StudyRun(LoadedStudy loaded, const Settings& settings, storage::DatabaseThread& database)
    : loaded_(std::move(loaded)),
      settings_(settings),
      database_(database),
      folder_(settings.results_dir()),
      text_hash_(store_study_text(loaded_, folder_)) {
  if (is_command(loaded_.study)) {
    command_code_ = experiments::command_code(loaded_.study, sha256_of_file);
  }
}

StudyRules StudyRun::rules() const {
  return schedule_rules(loaded_.study, read_device_seconds(loaded_.study, settings_));
}

void StudyRun::add_to_ledger(const PlanView& view, std::int64_t now_ms) {
  const LedgerPlan plan(loaded_.study, view, command_code_);
  const storage::StudyEntry entry = study_entry(loaded_.study, text_hash_);
  study_ = database_
               .submit([&](ResultsStore& store) {
                 return store.ledger().add_plan(entry, plan.trials(), now_ms).study;
               })
               .get();
}

std::vector<storage::TrialFacts> StudyRun::read_trials(storage::TrialState state) const {
  return database_
      .submit([this, state](ResultsStore& store) { return store.reader().trials(study_, state); })
      .get();
}

void StudyRun::requeue_failed() {
  if (!std::exchange(retry_.is_asked, false)) {
    return;
  }
  const std::string wanted =
      retry_.only ? std::string(experiments::fault_row(*retry_.only).name) : "";
  const auto failed = read_trials(storage::TrialState::kFailed);
  database_
      .submit([&](ResultsStore& store) {
        for (const storage::TrialFacts& trial : failed) {
          const auto attempts = store.reader().attempts(trial.trial);
          if (wanted.empty() || (!attempts.empty() && attempts.back().fault_class == wanted)) {
            store.ledger().requeue_trial(trial.trial);
          }
        }
      })
      .get();
}

std::vector<WaitingTrial> StudyRun::plan(std::int64_t now_ms) {
  auto view = std::make_unique<PlanView>(make_plan_view(loaded_, settings_));
  add_to_ledger(*view, now_ms);
  requeue_failed();
  add_continued(*view);
  undecided_ = view->plan.undecided_trials;
  std::unordered_map<std::string, std::size_t> by_key;
  for (std::size_t i = 0; i < view->plan.trials.size(); ++i) {
    by_key.emplace(view->plan.trials[i].key.hex(), i);
  }
  for (const storage::TrialFacts& facts : read_trials(storage::TrialState::kFailed)) {
    failed_before_ += by_key.contains(facts.key) && given_.insert(facts.key).second ? 1 : 0;
  }
  const TrialDurations durations(*view, settings_);
  std::vector<WaitingTrial> waiting;
  for (const storage::TrialFacts& facts : read_trials(storage::TrialState::kPending)) {
    const auto planned = by_key.find(facts.key);
    // Others are of an older revision of the study, or under way.
    if (planned != by_key.end() && given_.insert(facts.key).second) {
      const PlannedTrial& trial = view->plan.trials.at(planned->second);
      waiting.push_back({.trial = facts.trial,
                         .run_id = trial.key.run_id(),
                         .demand = make_demand(*view, durations, trial, facts),
                         .view = views_.size(),
                         .planned = planned->second});
    }
  }
  if (!waiting.empty()) {
    views_.push_back(std::move(view));
  }
  return waiting;
}

TrialDemand StudyRun::make_demand(const PlanView& view,
                                  const TrialDurations& durations,
                                  const PlannedTrial& planned,
                                  const storage::TrialFacts& facts) const {
  const Study& study = loaded_.study;
  TrialDemand demand =
      schedule_demand(study, planned, expected_s(view, durations, planned.configuration));
  demand.shortest_s = is_command(study) ? demand.expected_s : kShortestTrainingSeconds;
  demand.was_tried = facts.attempts > 0;
  demand.failures = demand.was_tried ? count_failures(facts) : 0;
  const bool is_begun = view.configurations.at(planned.configuration).done > 0;
  demand.is_taken = demand.was_tried || (study.table && is_begun);
  return demand;
}

int StudyRun::count_failures(const storage::TrialFacts& facts) const {
  return failures_in_a_row(
      database_.submit([&](ResultsStore& store) { return store.reader().attempts(facts.trial); })
          .get());
}

void StudyRun::add_continued(const PlanView& view) {
  for (const auto& continued : find_reuse(loaded_, view, settings_).trials) {
    continued_.emplace(view.plan.trials.at(continued.trial).key.hex(), continued.from.run_id());
  }
}

std::string StudyRun::label(const WaitingTrial& waiting) const {
  const PlanView& view = *views_.at(waiting.view);
  const PlannedTrial& planned = view.plan.trials.at(waiting.planned);
  std::string label;
  for (std::size_t column = 0; column < view.plan.columns.size(); ++column) {
    const auto* const value = value_of(view.plan, planned.configuration, column);
    if (value != nullptr && view.plan.columns[column].values.size() > 1) {
      label += view.plan.columns[column].name + "=" + experiments::render_plain(*value) + " ";
    }
  }
  return waiting.run_id.substr(0, 8) + " " + label + "seed=" + std::to_string(planned.seed);
}

std::int64_t StudyRun::epochs(const WaitingTrial& waiting) const {
  const PlanView& view = *views_.at(waiting.view);
  const Assignment parameters =
      parameters_of(view, view.plan.trials.at(waiting.planned).configuration);
  const auto epochs = parameters.find("epochs");
  const auto* const number =
      epochs == parameters.end() ? nullptr : std::get_if<double>(&epochs->second);
  return number == nullptr ? 0 : static_cast<std::int64_t>(*number);
}

Assignment StudyRun::parameters_of(const PlanView& view, std::uint32_t configuration) const {
  return trial_parameters(loaded_.study, view.plan.assignment(configuration));
}

Job StudyRun::make_job(const WaitingTrial& waiting) const {
  const Study& study = loaded_.study;
  const PlanView& view = *views_.at(waiting.view);
  const PlannedTrial& planned = view.plan.trials.at(waiting.planned);
  Job job;
  job.command = study.command;
  job.report = study.report;
  job.members = study.resources.members;
  job.silence_s = study.limits.silence_s.value_or(is_command(study) ? 0 : kTrainerSilenceSeconds);
  job.trial_time_s = study.limits.trial_time_s.value_or(0);
  job.memory_bytes = study.resources.memory_bytes;
  job.rlimits = study.limits.rlimits;
  job.log_patterns = study.limits.log_patterns;
  experiments::StartCommand& start = job.start;
  start.attempt.run = waiting.run_id;
  start.key = planned.key.hex();
  start.parameters = parameters_of(view, planned.configuration);
  start.seed = planned.seed;
  if (study.dataset) {
    start.dataset =
        view.datasets.at(view.configurations.at(planned.configuration).dataset).path.string();
  }
  start.checkpoint_every_s = study.checkpoint_every_s;
  start.device = study.resources.gpus > 0 ? "cuda" : "cpu";
  start.threads = study.resources.cores;
  start.metric = study.metric;
  if (const auto from = continued_.find(start.key); from != continued_.end()) {
    for (const std::uint64_t number : folder_.list_attempts(from->second)) {
      start.continue_from.push_back(folder_.attempt_folder(from->second, number).path.string());
    }
  }
  return job;
}

std::function<void()> StudyRun::trial_writer(const WaitingTrial& waiting) const {
  const PlanView& view = *views_.at(waiting.view);
  const PlannedTrial& planned = view.plan.trials.at(waiting.planned);
  const Assignment given = view.plan.assignment(planned.configuration);
  experiments::TrialFile file{
      .is_command = is_command(loaded_.study),
      .code = trial_code(loaded_.study, given, command_code_),
      .key = planned.key.hex(),
      .dataset = std::string(dataset_identity_of(view, planned.configuration)),
      .arm = loaded_.study.arm,
      .seed = planned.seed,
      .world_size = loaded_.study.resources.members,
      .parameters = parameters_of(view, planned.configuration),
      .origins = {}};
  for (const auto& [name, value] : file.parameters) {
    const auto origin = loaded_.origins.find("/parameters/" + name);
    file.origins.emplace(name,
                         origin != loaded_.origins.end() ? origin->second
                         : given.contains(name)          ? loaded_.source
                                                         : "default");
  }
  return [folder = folder_, run = waiting.run_id, text = experiments::render_trial(file)] {
    folder.write_trial(run, text);
  };
}

}  // namespace glimpse::launcher
