#include "launcher/commands/compare.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "launcher/as_output.h"
#include "launcher/load_report.h"
#include "launcher/output.h"
#include "launcher/results.h"
#include "launcher/usage_error.h"
#include "reports/html/comparison_page.h"
#include "reports/html/curve_points.h"
#include "reports/reading/side_reader.h"
#include "reports/side_by_side.h"
#include "storage/files/atomic_file.h"

namespace glimpse::launcher {
namespace {

using reports::ComparedCell;
using reports::RunSide;
using reports::Side;
using reports::StudyReport;

struct Comparison {
  std::vector<Section> sections;
  std::string lead;  // what was found, in a sentence
  reports::CurveContent curves;
};

bool looks_like_run(const std::string& word) {
  return word.find_first_not_of("0123456789abcdef") == std::string::npos;
}

std::vector<bool> find_runs(const std::vector<std::string>& sides, const Settings& settings) {
  const std::vector<std::string> studies =
      query_names(settings, "select distinct study from v_studies");
  std::vector<bool> are_runs;
  are_runs.reserve(sides.size());
  for (const std::string& side : sides) {
    are_runs.push_back(std::ranges::find(studies, side) == studies.end() && looks_like_run(side));
  }
  return are_runs;
}

Comparison compare_runs(const std::vector<std::string>& given, const Settings& settings) {
  storage::Query results = open_results(settings);
  std::vector<Side> sides;
  reports::CurvePanel panel;
  Comparison comparison;
  for (const std::string& word : given) {
    RunSide run =
        reports::read_run_side(results, pick_run(word, results), comparison.curves.metric);
    comparison.curves.metric = run.metric;  // the first one's, for all
    sides.push_back(std::move(run.side));
    if (!run.curve.seeds.empty()) {
      panel.curves.push_back(std::move(run.curve));
    }
  }
  panel.title = comparison.curves.metric;
  if (!panel.curves.empty()) {
    comparison.curves.panels.push_back(std::move(panel));
  }
  comparison.lead =
      "Single runs have no spread, so nothing tells whether they differ by more than chance: "
      "compare studies of several seeds for a test.";
  comparison.sections = {{"metrics", "Metrics at the best epoch", run_rows(sides)},
                         {"settings", "Settings that differ", setting_rows(sides)}};
  return comparison;
}

void check_metrics(const StudyReport& first, const StudyReport& other) {
  if (first.table.metric != other.table.metric) {
    throw UsageError("compare: the table of " + first.results.study.name + " is of " +
                     first.table.metric + ", that of " + other.results.study.name + " of " +
                     other.table.metric + ": give studies whose tables are of one metric");
  }
}

std::vector<StudyReport> load_studies(const std::vector<std::string>& given,
                                      const Settings& settings) {
  std::vector<StudyReport> studies;
  studies.reserve(given.size());
  for (const std::string& word : given) {
    studies.push_back(load_report(load_study(word, {}, settings), settings));
    check_metrics(studies.front(), studies.back());
  }
  return studies;
}

Comparison compare_studies(const std::vector<std::string>& given, const Settings& settings) {
  const std::vector<StudyReport> studies = load_studies(given, settings);
  std::vector<Side> sides;
  sides.reserve(studies.size());
  for (const StudyReport& study : studies) {
    sides.push_back(side_of(study));
  }
  const std::vector<ComparedCell> cells = reports::compare_studies(studies);
  Comparison comparison;
  comparison.sections = {{"differences", "", difference_rows(studies, cells)},
                         {"figures", "Mean over seeds", figure_rows(studies, cells)},
                         {"settings", "Settings that differ", setting_rows(sides)}};
  comparison.lead = reports::describe_differences(cells);
  if (has_database(settings)) {
    storage::Query results = open_results(settings);
    comparison.curves = reports::read_compared_curves(studies, cells, results);
  }
  return comparison;
}

std::string join(const std::vector<std::string>& words) {
  std::string text = words.front();
  for (std::size_t i = 1; i < words.size(); ++i) {
    text += (i + 1 == words.size() ? " and " : ", ") + words[i];
  }
  return text;
}

std::string render(Comparison comparison, const std::vector<std::string>& sides) {
  reports::ComparisonContent content{.title = join(sides), .lead = comparison.lead};
  for (Section& section : comparison.sections) {
    content.parts.push_back({.title = section.title.empty() ? "Differences" : section.title,
                             .table = std::move(section.table),
                             .nothing = "Nothing."});
  }
  content.curves = std::move(comparison.curves);
  return render_comparison(content);
}

}  // namespace

int compare(const CompareOptions& options, Env& env) {
  const bool is_file = !options.file.empty();
  if (is_file && std::filesystem::path(options.file).extension() != ".html") {
    throw UsageError("compare: -o " + options.file + ": the file is a page (name it .html)");
  }
  const std::vector<bool> are_runs = find_runs(options.sides, env.settings);
  const auto runs = std::ranges::count(are_runs, true);
  if (runs != 0 && std::cmp_not_equal(runs, options.sides.size())) {
    throw UsageError("compare: " + join(options.sides) +
                     " are runs and studies: give runs alone, or studies alone");
  }
  Comparison comparison = runs == 0 ? compare_studies(options.sides, env.settings)
                                    : compare_runs(options.sides, env.settings);
  if (is_file) {
    const std::string page = render(std::move(comparison), options.sides);
    as_output([&] { storage::write_file_atomically(options.file, page); });
    env.out << options.file << '\n';
    return 0;
  }
  constexpr std::size_t kCurveRows = 10;
  comparison.sections.push_back({"curves",
                                 "Curves of " + comparison.curves.metric,
                                 reports::curve_rows(comparison.curves, kCurveRows)});
  print_sections("compare", comparison.sections, options.output, env);
  env.log.info("compare: " + comparison.lead);
  return 0;
}

}  // namespace glimpse::launcher
