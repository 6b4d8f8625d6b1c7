#include "reports/reading/page_reader.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "reports/html/parameter_effects.h"
#include "reports/reading/curve_reader.h"
#include "reports/reading/gallery_reader.h"
#include "reports/reading/record_reader.h"
#include "reports/reading/rows.h"
#include "reports/shell_word.h"

namespace glimpse::reports {
namespace {

// More lines cannot be told apart, and more bytes not sent.
constexpr std::size_t kMostCurves = 200;
constexpr std::size_t kMostStrips = 60;

class Curves {
 public:
  Curves(const StudyReport& report, storage::Query& results)
      : report_(report), results_(results), metric_(report.results.study.metric.name) {
    for (const RunResult& run : report.results.runs) {
      best_epochs_.emplace(run.run_id, run.best_epoch);
    }
  }

  // A panel per row of the table, where it has columns; else all cells share one.
  CurveContent read() {
    CurveContent content{.metric = metric_};
    const PaperTable& paper = report_.paper;
    for (const PaperRow& row : paper.rows) {
      if (content.panels.empty() || !paper.column_name.empty()) {
        content.panels.push_back({.title = paper.column_name.empty() ? metric_ : row.label});
      }
      std::vector<Curve>& curves = content.panels.back().curves;
      if (row.across) {
        add(row.label, *row.across, curves);
      }
      for (std::size_t i = 0; i < row.cells.size(); ++i) {
        if (row.cells[i]) {
          add(paper.column_name.empty() ? row.label : paper.columns[i], *row.cells[i], curves);
        }
      }
    }
    std::erase_if(content.panels, [](const CurvePanel& panel) { return panel.curves.empty(); });
    return content;
  }

 private:
  void add(const std::string& label, std::size_t cell, std::vector<Curve>& curves) {
    Curve curve{.label = label};
    for (const SeedResult& seed : report_.assessed.cells[cell].runs.seeds) {
      if (drawn_ < kMostCurves) {
        CurveSeed line = read_curve(results_,
                                    {.run_id = seed.run_id,
                                     .seed = seed.seed,
                                     .metric = metric_,
                                     .best_epoch = best_epochs_.at(seed.run_id)});
        if (!line.epochs.empty()) {
          curve.seeds.push_back(std::move(line));
          ++drawn_;
        }
      }
    }
    if (!curve.seeds.empty()) {
      curves.push_back(std::move(curve));
    }
  }

  const StudyReport& report_;
  storage::Query& results_;
  std::string metric_;
  std::map<std::string, std::optional<std::int64_t>> best_epochs_;
  std::size_t drawn_ = 0;
};

std::vector<StripContent> make_strips(const StudyReport& report) {
  std::vector<StripContent> strips;
  for (const ResultCell& cell : report.assessed.cells) {
    if (cell.sample.n == 0 || strips.size() == kMostStrips) {
      continue;
    }
    StripContent strip{.label = describe_place(report.table, cell.runs.place),
                       .interval = cell.interval,
                       .published = cell.published};
    for (const SeedResult& seed : cell.runs.seeds) {
      if (seed.value) {
        strip.values.push_back(*seed.value);
      }
    }
    if (cell.is_complete) {
      strip.mean = cell.sample.mean;
    } else {
      strip.note = std::string(name_of(cell.judgement.verdict));
    }
    strips.push_back(std::move(strip));
  }
  return strips;
}

ParameterContent make_parameters(const StudyReport& report) {
  std::vector<EffectTrial> trials;
  trials.reserve(report.results.runs.size());
  for (const RunResult& run : report.results.runs) {
    trials.push_back({.run_id = run.run_id,
                      .parameters = report.results.configurations[run.configuration],
                      .outcome = run.state == "done" ? run.objective : std::nullopt});
  }
  const experiments::Study& study = report.results.study;
  return find_effects(study, study.metric.name, study.metric.goal, trials);
}

std::vector<CommandContent> make_commands(const StudyReport& report) {
  const std::string run = "glimpse run " + render_shell_word(report.results.study.name);
  std::vector<CommandContent> commands = {{"the whole table", run}};
  std::vector<std::string> seen;
  for (const PaperRow& row : report.paper.rows) {
    const auto any =
        std::ranges::find_if(row.cells, [](const auto& cell) { return cell.has_value(); });
    const std::size_t cell = row.across ? *row.across : any == row.cells.end() ? 0 : **any;
    const experiments::Assignment& place = report.assessed.cells.at(cell).runs.place;
    if (const auto found = place.find(report.table.rows); found != place.end()) {
      const std::string word =
          render_shell_word(found->first + "=" + experiments::render_plain(found->second));
      if (std::ranges::find(seen, word) == seen.end()) {
        seen.push_back(word);
        commands.push_back({row.label, run});
        commands.back().command.append(" ").append(word);
      }
    }
  }
  commands.push_back(
      {"the verdicts", "glimpse check " + render_shell_word(report.results.study.name)});
  return commands;
}

std::vector<Fact> make_facts(const StudyReport& report, const std::vector<CostContent>& costs) {
  const auto done = std::ranges::count(report.results.runs, "done", &RunResult::state);
  std::vector<Fact> facts = {
      {"runs",
       std::to_string(done) + " of " + std::to_string(report.results.runs.size()) + " done"},
      {"seeds", std::to_string(report.results.study.seeds.size()) + " per cell"}};
  double hours = 0;
  for (const CostContent& cost : costs) {
    hours += cost.device_hours;
  }
  if (hours > 0) {
    facts.push_back({"device time", render_rough_time(hours * 3600)});
  }
  return facts;
}

PageContent begin_page(const StudyReport& report) {
  PageContent page;
  page.overview.study = report.results.study.name;
  page.overview.notes = report.results.study.notes;
  page.table = TableContent{.plan = report.table,
                            .results = report.assessed,
                            .paper = report.paper,
                            .unit = report.table.metric.ends_with("_error") ? "%" : ""};
  page.commands = make_commands(report);
  return page;
}

}  // namespace

PageContent make_empty_page(const StudyReport& report) {
  PageContent page = begin_page(report);
  page.overview.facts = make_facts(report, {});
  return page;
}

PageContent read_page(const StudyReport& report,
                      storage::Query& results,
                      const storage::ResultsFolder& folder) {
  PageContent page = begin_page(report);
  page.curves = Curves(report, results).read();
  page.strips = make_strips(report);
  page.parameters = make_parameters(report);
  page.gallery = read_gallery(report, results, folder);
  page.failures = read_failures(report.results.study.name, results);
  page.costs = read_costs(report, results);
  page.environments = read_environments(report.results.study.name, results);
  page.overview.facts = make_facts(report, page.costs);
  return page;
}

}  // namespace glimpse::reports
