#include "reports/reading/record_reader.h"

#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "reports/reading/rows.h"

namespace glimpse::reports {
namespace {

// The order of tables is spelled out (CROSS JOIN): first the study's runs, then what is known of
// each.
constexpr std::string_view kFailures =
    "select f.class, f.run_id, f.attempt, f.node, f.message, f.trial_state"
    " from v_plan p cross join v_failures f on f.run_id = p.run_id"
    " where p.study = :study order by f.class, f.run_id, f.attempt limit 500";

constexpr std::string_view kSeconds =
    "select a.run_id, sum(a.seconds * t.world_size)"
    " from v_plan p cross join v_trials t on t.run_id = p.run_id"
    " cross join v_attempts a on a.run_id = p.run_id"
    " where p.study = :study group by a.run_id";

// Of a run's last epoch: rates settle, and memory has reached its peak.
constexpr std::string_view kTiming =
    "select t.value from v_timings t where t.run_id = :run and t.name = :name"
    " and t.epoch = :epoch order by t.attempt desc limit 1";

constexpr std::string_view kEnvironments =
    "select e.environment_hash, e.attempts, j.fullkey, j.atom from"
    " (select a.environment_hash, a.environment, count(*) as attempts"
    "  from v_plan p cross join v_attempts a on a.run_id = p.run_id"
    "  where p.study = :study and a.environment is not null group by a.environment_hash"
    "  order by attempts desc, a.environment_hash limit 20) e,"
    " json_tree(e.environment) j where j.atom is not null and j.atom is not ''"
    " order by e.attempts desc, e.environment_hash, j.fullkey";

class Costs {
 public:
  Costs(const StudyReport& report, storage::Query& results) : report_(report), results_(results) {
    for_each_row(results, kSeconds, {{"study", report.results.study.name}}, [&](Cells cells) {
      seconds_.emplace(text_of(cells[0]), maybe_number(cells[1]).value_or(0));
    });
    for (const RunResult& run : report.results.runs) {
      best_epochs_.emplace(run.run_id, run.best_epoch);
    }
  }

  [[nodiscard]] CostContent of_cell(const ResultCell& cell) {
    CostContent cost{.label = describe_place(report_.table, cell.runs.place),
                     .runs = cell.runs.seeds.size()};
    constexpr double kSecondsPerHour = 3600;
    for (const SeedResult& seed : cell.runs.seeds) {
      if (const auto found = seconds_.find(seed.run_id); found != seconds_.end()) {
        cost.device_hours += found->second / kSecondsPerHour;
      }
    }
    // One seed stands for all of them: they do the same work.
    if (!cell.runs.seeds.empty()) {
      cost.images_per_s = read_timing(cell.runs.seeds.front().run_id, "images_per_s");
      cost.peak_memory_bytes = read_timing(cell.runs.seeds.front().run_id, "peak_memory");
    }
    return cost;
  }

 private:
  [[nodiscard]] std::optional<double> read_timing(const std::string& run, const std::string& name) {
    const std::optional<std::int64_t> epoch = best_epochs_.at(run);
    std::optional<double> value;
    if (epoch) {
      for_each_row(
          results_, kTiming, {{"run", run}, {"name", name}, {"epoch", *epoch}}, [&](Cells cells) {
            value = maybe_number(cells[0]);
          });
    }
    return value;
  }

  const StudyReport& report_;
  storage::Query& results_;
  std::map<std::string, double> seconds_;
  std::map<std::string, std::optional<std::int64_t>> best_epochs_;
};

// SQLite's path of a value, $.libraries."hdf5_version", as "libraries hdf5_version".
std::string render_key(std::string_view path) {
  std::string text;
  for (const char c : path.substr(path.starts_with("$.") ? 2 : 0)) {
    if (c != '"') {
      text += c == '.' ? ' ' : c;
    }
  }
  return text;
}

}  // namespace

std::vector<FailureContent> read_failures(const std::string& study, storage::Query& results) {
  std::vector<FailureContent> failures;
  for_each_row(results, kFailures, {{"study", study}}, [&](Cells cells) {
    failures.push_back({.kind = text_of(cells[0]),
                        .run_id = text_of(cells[1]),
                        .attempt = integer_of(cells[2]),
                        .node = text_of(cells[3]),
                        .message = text_of(cells[4]),
                        .outcome = text_of(cells[5])});
  });
  return failures;
}

std::vector<CostContent> read_costs(const StudyReport& report, storage::Query& results) {
  constexpr std::size_t kMostCells = 200;  // a page of more is not read
  Costs costs(report, results);
  std::vector<CostContent> all;
  for (const ResultCell& cell : report.assessed.cells) {
    if (all.size() < kMostCells) {
      all.push_back(costs.of_cell(cell));
    }
  }
  return all;
}

std::vector<EnvironmentContent> read_environments(const std::string& study,
                                                  storage::Query& results) {
  std::vector<EnvironmentContent> environments;
  std::string last;
  for_each_row(results, kEnvironments, {{"study", study}}, [&](Cells cells) {
    const std::string hash = text_of(cells[0]);
    if (hash != last || environments.empty()) {
      constexpr std::size_t kShown = 8;
      const std::int64_t attempts = integer_of(cells[1]);
      environments.push_back({.title = "Environment " + hash.substr(0, kShown) + ", " +
                                       std::to_string(attempts) +
                                       (attempts == 1 ? " attempt" : " attempts")});
      last = hash;
    }
    const auto number = maybe_number(cells[3]);
    environments.back().facts.push_back(
        {render_key(text_of(cells[2])), number ? render_short(*number) : text_of(cells[3])});
  });
  return environments;
}

}  // namespace glimpse::reports
