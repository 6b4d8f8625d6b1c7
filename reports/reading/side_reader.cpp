#include "reports/reading/side_reader.h"

#include <map>
#include <optional>
#include <string_view>

#include "reports/html/parallel_axes.h"
#include "reports/reading/curve_reader.h"
#include "reports/reading/rows.h"

namespace glimpse::reports {
namespace {

constexpr std::size_t kMostPanels = 12;
constexpr std::size_t kMostCurves = 200;

constexpr std::string_view kRun =
    "select t.study, t.state, t.outcome, t.seed, t.arm, t.kind, t.code, t.dataset, t.world_size,"
    " t.best_epoch, t.last_epoch, s.metric from v_trials t"
    " left join v_studies s on s.study = t.study and s.is_newest where t.run_id = :run";
constexpr std::string_view kParameters =
    "select j.key, j.atom from v_trials t, json_each(t.parameters) j where t.run_id = :run";
constexpr std::string_view kFigures =
    "select m.name, m.value from v_metrics m where m.run_id = :run and m.epoch = :epoch";

struct RunHeading {
  std::string study = {};
  std::uint64_t seed = 0;
  std::string metric = {};
  std::optional<std::int64_t> best_epoch = {};
  std::optional<std::int64_t> last_epoch = {};
};

RunHeading read_heading(storage::Query& results, const std::string& run_id, Side& side) {
  RunHeading heading;
  for_each_row(results, kRun, {{"run", run_id}}, [&](Cells cells) {
    heading = {.study = text_of(cells[0]),
               .seed = static_cast<std::uint64_t>(integer_of(cells[3])),
               .metric = text_of(cells[11]),
               .best_epoch = maybe_integer(cells[9]),
               .last_epoch = maybe_integer(cells[10])};
    side.settings = {{"study", heading.study},
                     {"state", text_of(cells[1])},
                     {"outcome", text_of(cells[2])},
                     {"seed", std::to_string(heading.seed)},
                     {"arm", text_of(cells[4])},
                     {"kind", text_of(cells[5])},
                     {"code", text_of(cells[6])},
                     {"dataset", text_of(cells[7])},
                     {"members", std::to_string(integer_of(cells[8]))}};
  });
  return heading;
}

void read_parameters(storage::Query& results, const std::string& run_id, Side& side) {
  for_each_row(results, kParameters, {{"run", run_id}}, [&](Cells cells) {
    const auto number = maybe_number(cells[1]);
    side.settings[text_of(cells[0])] =
        number ? experiments::render_plain(experiments::Value(*number)) : text_of(cells[1]);
  });
}

// What a metric was at an epoch stays where an earlier call has found it at another.
void read_figures(storage::Query& results,
                  const std::string& run_id,
                  const std::optional<std::int64_t>& epoch,
                  Side& side) {
  if (!epoch) {
    return;
  }
  for_each_row(results, kFigures, {{"run", run_id}, {"epoch", *epoch}}, [&](Cells cells) {
    if (const auto value = maybe_number(cells[1])) {
      side.figures.emplace(text_of(cells[0]), *value);
    }
  });
}

class ComparedCurves {
 public:
  ComparedCurves(const std::vector<StudyReport>& studies, storage::Query& results)
      : studies_(studies), results_(results), best_epochs_(studies.size()) {
    for (std::size_t i = 0; i < studies.size(); ++i) {
      for (const RunResult& run : studies[i].results.runs) {
        best_epochs_[i].emplace(run.run_id, run.best_epoch);
      }
    }
  }

  // Nothing where no epoch of the cell is known.
  std::optional<Curve> read(std::size_t study, std::size_t cell) {
    Curve curve{.label = studies_[study].results.study.name};
    for (const SeedResult& seed : studies_[study].assessed.cells[cell].runs.seeds) {
      if (drawn_ == kMostCurves) {
        break;
      }
      CurveSeed line = read_curve(results_,
                                  {.run_id = seed.run_id,
                                   .seed = seed.seed,
                                   .metric = studies_.front().results.study.metric.name,
                                   .best_epoch = best_epochs_[study].at(seed.run_id)});
      if (!line.epochs.empty()) {
        curve.seeds.push_back(std::move(line));
        ++drawn_;
      }
    }
    return curve.seeds.empty() ? std::nullopt : std::optional(std::move(curve));
  }

 private:
  const std::vector<StudyReport>& studies_;
  storage::Query& results_;
  std::vector<std::map<std::string, std::optional<std::int64_t>>> best_epochs_;
  std::size_t drawn_ = 0;
};

}  // namespace

RunSide read_run_side(storage::Query& results,
                      const std::string& run_id,
                      const std::string& metric) {
  RunSide run{.side = {.name = short_run(run_id)}};
  const RunHeading heading = read_heading(results, run_id, run.side);
  read_parameters(results, run_id, run.side);
  read_figures(results, run_id, heading.best_epoch, run.side);
  read_figures(results, run_id, heading.last_epoch, run.side);
  run.metric = metric.empty() ? heading.metric : metric;
  run.curve.label = run.side.name;
  CurveSeed line = read_curve(results,
                              {.run_id = run_id,
                               .seed = heading.seed,
                               .metric = run.metric,
                               .best_epoch = heading.best_epoch});
  if (!line.epochs.empty()) {
    run.curve.seeds.push_back(std::move(line));
  }
  return run;
}

CurveContent read_compared_curves(const std::vector<StudyReport>& studies,
                                  const std::vector<ComparedCell>& cells,
                                  storage::Query& results) {
  CurveContent content{.metric = studies.front().results.study.metric.name};
  ComparedCurves curves(studies, results);
  std::map<std::size_t, std::size_t> panels;  // by cell of the first study
  const auto add = [&](std::size_t panel, std::optional<Curve> curve) {
    if (curve) {
      content.panels[panel].curves.push_back(std::move(*curve));
    }
  };
  for (const ComparedCell& cell : cells) {
    const auto known = panels.find(cell.first);
    if (known == panels.end() && panels.size() == kMostPanels) {
      continue;
    }
    const auto [panel, is_new] = panels.emplace(cell.first, content.panels.size());
    if (is_new) {
      content.panels.push_back({.title = cell.label});
      add(panel->second, curves.read(0, cell.first));
    }
    add(panel->second, curves.read(cell.study, cell.other));
  }
  std::erase_if(content.panels, [](const CurvePanel& panel) { return panel.curves.empty(); });
  return content;
}

}  // namespace glimpse::reports
