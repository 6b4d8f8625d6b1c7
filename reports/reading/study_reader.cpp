#include "reports/reading/study_reader.h"

#include <algorithm>
#include <map>
#include <span>
#include <utility>

#include "reports/reading/rows.h"
#include "reports/text_width.h"
#include "storage/files/run_folder.h"
#include "storage/storage_error.h"

namespace glimpse::reports {
namespace {

using experiments::Value;
using storage::Cell;
using storage::QueryParameter;

// `type` is json_each's word for it. What no parameter can be stays as its text.
Value value_of(std::string_view type, const Cell& cell) {
  if (type == "true" || type == "false") {
    return type == "true";
  }
  const std::optional<double> number = maybe_number(cell);
  return number ? Value(*number) : Value(text_of(cell));
}

// The order of tables is spelled out (CROSS JOIN), so that no plan of SQLite's begins with the
// millions of metrics.
std::string runs_sql(bool is_maximized) {
  return std::string(
             "select p.run_id, p.position, p.stage, p.configuration, p.seed, p.arm, p.state,"
             " p.outcome, case when p.outcome is not 'diverged' then (select ") +
         (is_maximized ? "max" : "min") +
         "(m.value) from v_metrics m where m.run_id = p.run_id and m.name = :metric) end,"
         " t.best_epoch, t.attempts, t.started, t.started_ms, t.ended, t.ended_ms,"
         " (select max(a.attempt) from v_attempts a"
         "  where a.run_id = p.run_id and a.state = 'finished')"
         " from v_plan p cross join v_trials t on t.run_id = p.run_id"
         " where p.study = :study order by p.position, p.run_id";
}

RunFacts run_of(Cells cells) {
  RunFacts run{.run_id = text_of(cells[0]),
               .position = integer_of(cells[1]),
               .stage = integer_of(cells[2]),
               .configuration = integer_of(cells[3]),
               .seed = integer_of(cells[4]),
               .arm = text_of(cells[5])};
  run.state = text_of(cells[6]);
  run.outcome = text_of(cells[7]);
  run.objective = maybe_number(cells[8]);
  run.best_epoch = maybe_integer(cells[9]);
  run.attempts = integer_of(cells[10]);
  run.started = text_of(cells[11]);
  run.started_ms = maybe_integer(cells[12]);
  run.ended = text_of(cells[13]);
  run.ended_ms = maybe_integer(cells[14]);
  run.finished_attempt = integer_of(cells[15]);
  return run;
}

std::string metrics_sql(std::string_view condition) {
  return "select m.epoch, m.name, m.value, e.time_ms from v_metrics m left join"
         " (select epoch, min(time_ms) as time_ms from v_epochs where run_id = :run"
         "  group by epoch) e on e.epoch = m.epoch"
         " where m.run_id = :run " +
         std::string(condition) + " order by m.epoch, m.name";
}

std::function<void(Cells)> as_point(const UsePoint& use) {
  return [&use](Cells cells) {
    use({.epoch = integer_of(cells[0]),
         .name = text_of(cells[1]),
         .value = maybe_number(cells[2]),
         .time_ms = maybe_integer(cells[3])});
  };
}

}  // namespace

void keep_best(StudyFacts& study, std::size_t count) {
  std::vector<RunFacts>& runs = study.runs;
  std::erase_if(runs, [](const RunFacts& run) { return !run.is_completed() || !run.objective; });
  const auto is_better = [&](const RunFacts& left, const RunFacts& right) {
    return study.is_maximized ? *left.objective > *right.objective
                              : *left.objective < *right.objective;
  };
  std::stable_sort(runs.begin(), runs.end(), is_better);
  runs.resize(std::min(count, runs.size()));
  std::sort(runs.begin(), runs.end(), [](const RunFacts& left, const RunFacts& right) {
    return std::pair(left.position, left.run_id) < std::pair(right.position, right.run_id);
  });
}

StudyFacts StudyReader::read_study(const std::string& name) const {
  StudyFacts study = read_heading(name);
  read_runs(name, study);
  read_parameters(name, study);
  return study;
}

StudyFacts StudyReader::read_heading(const std::string& name) const {
  std::optional<StudyFacts> study;
  for_each_row(results_,
               "select text_hash, metric, goal from v_studies where study = :study and is_newest",
               {{"study", name}},
               [&](Cells cells) {
                 study = StudyFacts{.name = replace_invalid(name),
                                    .text_hash = text_of(cells[0]),
                                    .metric = text_of(cells[1]),
                                    .is_maximized = text_of(cells[2]) == "maximize"};
               });
  if (!study) {
    const std::filesystem::path& database = results_.database().path();
    throw storage::StorageError(storage::StorageFault::kMissing,
                                database,
                                "export study '" + name + "': no such study in " +
                                    database.string() + " (see 'glimpse status')");
  }
  return *study;
}

void StudyReader::read_runs(const std::string& name, StudyFacts& study) const {
  for_each_row(results_,
               runs_sql(study.is_maximized),
               {{"study", name}, {"metric", study.metric}},
               [&](Cells cells) {
                 study.runs.push_back(run_of(cells));
                 const std::string& run_id = study.runs.back().run_id;
                 // It becomes part of paths.
                 if (!storage::is_run_id(run_id)) {
                   throw storage::StorageError(storage::StorageFault::kDamaged,
                                               results_.database().path(),
                                               "export study '" + name + "': '" + run_id +
                                                   "' is no run id (run 'glimpse verify')");
                 }
               });
}

void StudyReader::read_parameters(const std::string& name, StudyFacts& study) const {
  std::map<std::string, RunFacts*> by_id;
  for (RunFacts& run : study.runs) {
    by_id.emplace(run.run_id, &run);
  }
  for_each_row(results_,
               "select p.run_id, j.key, j.type, j.value from v_plan p, json_each(p.parameters) j"
               " where p.study = :study",
               {{"study", name}},
               [&](Cells cells) {
                 const auto run = by_id.find(text_of(cells[0]));
                 if (run != by_id.end()) {
                   run->second->parameters.emplace(text_of(cells[1]),
                                                   value_of(text_of(cells[2]), cells[3]));
                 }
               });
}

void StudyReader::read_metrics(const RunFacts& run, const UsePoint& use) const {
  for_each_row(results_, metrics_sql(""), {{"run", run.run_id}}, as_point(use));
}

void StudyReader::read_metric(const RunFacts& run,
                              const std::string& name,
                              const UsePoint& use) const {
  for_each_row(results_,
               metrics_sql("and m.name = :name"),
               {{"run", run.run_id}, {"name", name}},
               as_point(use));
}

}  // namespace glimpse::reports
