#include "reports/side_by_side.h"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <utility>

#include "experiments/dataset_table.h"
#include "experiments/model_table.h"

namespace glimpse::reports {
namespace {

using experiments::Assignment;
using experiments::Study;
using experiments::StudyKind;

constexpr double kAlarm = 0.05;

std::string join(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : ", ") + word;
  }
  return text;
}

// The values of a sweep: all of a few, else how many.
class Values {
 public:
  void add(const std::string& value) {
    if (known_.insert(value).second) {
      values_.push_back(value);
    }
  }
  [[nodiscard]] std::string render() const {
    constexpr std::size_t kMostShown = 8;
    return values_.size() <= kMostShown ? join(values_)
                                        : std::to_string(values_.size()) + " values, " +
                                              values_.front() + " to " + values_.back();
  }

 private:
  std::set<std::string> known_;
  std::vector<std::string> values_;
};

Assignment without_dataset(Assignment configuration) {
  std::erase_if(configuration,
                [](const auto& pair) { return experiments::is_dataset_name(pair.first); });
  return configuration;
}

// Two studies may say the same, one of them by leaving it to the default.
Assignment all_parameters(const Study& study, const Assignment& configuration) {
  if (study.kind == StudyKind::kCommand) {
    return configuration;
  }
  Assignment all = experiments::resolve(without_dataset(configuration));
  const experiments::DatasetSpec spec = study.dataset.value_or(experiments::DatasetSpec{});
  for (const experiments::ParameterRow& row : experiments::dataset_rows()) {
    const std::string name = std::string(experiments::kDatasetPrefix) + std::string(row.name);
    const auto swept = configuration.find(name);
    all[name] =
        swept == configuration.end() ? experiments::dataset_value(spec, row.name) : swept->second;
  }
  return all;
}

std::string render_seeds(const std::vector<std::uint64_t>& seeds) {
  Values values;
  for (const std::uint64_t seed : seeds) {
    values.add(std::to_string(seed));
  }
  return values.render();
}

void add_study_settings(const Study& study, std::map<std::string, std::string>& settings) {
  settings["kind"] = study.kind == StudyKind::kCommand ? "command" : "train";
  settings["command"] = join(study.command);
  settings["arm"] = study.arm;
  settings["seeds"] = render_seeds(study.seeds);
  settings["metric"] = study.metric.name;
  settings["goal"] = study.metric.goal == experiments::Goal::kMaximize ? "maximize" : "minimize";
  settings["members"] = std::to_string(study.resources.members);
}

// Places in the first study's cells and in another's.
using CellPairs = std::vector<std::pair<std::size_t, std::size_t>>;

CellPairs pair_cells(const ResultTable& first,
                     const ResultTable& other,
                     Assignment CellRuns::*identity) {
  std::map<Assignment, std::size_t> known;
  for (std::size_t i = 0; i < other.cells.size(); ++i) {
    known.emplace(other.cells[i].runs.*identity, i);
  }
  CellPairs pairs;
  for (std::size_t i = 0; i < first.cells.size(); ++i) {
    const auto found = known.find(first.cells[i].runs.*identity);
    if (found != known.end()) {
      pairs.emplace_back(i, found->second);
    }
  }
  return pairs;
}

// A cell that nobody has won yet has no configuration, which is no reason to be paired.
CellPairs common_cells(const ResultTable& first, const ResultTable& other) {
  CellPairs pairs = pair_cells(first, other, &CellRuns::place);
  if (pairs.empty()) {
    pairs = pair_cells(first, other, &CellRuns::configuration);
    std::erase_if(pairs, [&](const auto& pair) {
      return !first.cells[pair.first].runs.is_decided || !other.cells[pair.second].runs.is_decided;
    });
  }
  return pairs;
}

void adjust(std::vector<ComparedCell>& cells) {
  std::vector<double> p;
  std::vector<ComparedCell*> judged;
  for (ComparedCell& cell : cells) {
    if (cell.comparison && cell.comparison->p) {
      p.push_back(*cell.comparison->p);
      judged.push_back(&cell);
    }
  }
  const std::vector<double> adjusted = adjust_by_holm(p);
  for (std::size_t i = 0; i < judged.size(); ++i) {
    judged[i]->adjusted_p = adjusted[i];
  }
}

std::string answer_of(const ComparedCell& cell) {
  if (!cell.comparison) {
    return "incomplete";
  }
  if (!cell.adjusted_p) {
    return "too few seeds";
  }
  return cell.differs() ? "differs" : "no difference found";
}

template <class T>
Cell or_nothing(const std::optional<T>& value) {
  return value ? Cell(*value) : Cell();
}

void add_interval(const std::optional<Interval>& interval, Row& row) {
  row.push_back(interval ? Cell(interval->low) : Cell());
  row.push_back(interval ? Cell(interval->high) : Cell());
}

Row figure_row(const std::string& label, const StudyReport& study, const ResultCell& cell) {
  Row row = {label,
             study.results.study.name,
             static_cast<std::int64_t>(cell.sample.n),
             cell.is_complete ? Cell(cell.sample.mean) : Cell()};
  add_interval(cell.interval, row);
  return row;
}

Cell figure_of(const Side& side, const std::string& metric) {
  const auto found = side.figures.find(metric);
  return found == side.figures.end() ? Cell() : Cell(found->second);
}

Cell difference_of(const Side& first, const Side& other, const std::string& metric) {
  const Cell before = figure_of(first, metric);
  const Cell after = figure_of(other, metric);
  const auto* const a = std::get_if<double>(&before);
  const auto* const b = std::get_if<double>(&after);
  return a == nullptr || b == nullptr ? Cell() : Cell(*b - *a);
}

TextTable begin_rows(std::string heading, const std::vector<Side>& sides) {
  TextTable table{.columns = {std::move(heading)}, .rows = {}};
  for (const Side& side : sides) {
    table.columns.push_back(side.name);
  }
  return table;
}

}  // namespace

Side side_of(const StudyReport& report) {
  const Study& study = report.results.study;
  Side side{.name = study.name};
  add_study_settings(study, side.settings);
  std::map<std::string, Values> values;
  for (const Assignment& configuration : report.results.configurations) {
    for (const auto& [name, value] : all_parameters(study, configuration)) {
      values[name].add(experiments::render_plain(value));
    }
  }
  for (const auto& [name, all] : values) {
    side.settings[name] = all.render();
  }
  return side;
}

TextTable setting_rows(const std::vector<Side>& sides) {
  std::set<std::string> names;
  for (const Side& side : sides) {
    for (const auto& [name, unused] : side.settings) {
      names.insert(name);
    }
  }
  TextTable table = begin_rows("setting", sides);
  for (const std::string& name : names) {
    Row row = {name};
    std::set<std::string> values;
    for (const Side& side : sides) {
      const auto found = side.settings.find(name);
      const std::string value = found == side.settings.end() ? "" : found->second;
      values.insert(value);
      row.push_back(value.empty() ? Cell() : Cell(value));
    }
    if (values.size() > 1) {
      table.rows.push_back(std::move(row));
    }
  }
  return table;
}

TextTable run_rows(const std::vector<Side>& sides) {
  TextTable table = begin_rows("metric", sides);
  std::set<std::string> metrics;
  for (const Side& side : sides) {
    for (const auto& [name, unused] : side.figures) {
      metrics.insert(name);
    }
  }
  for (std::size_t i = 1; i < sides.size(); ++i) {
    table.columns.push_back(sides.size() == 2 ? "difference" : "difference of " + sides[i].name);
  }
  for (const std::string& metric : metrics) {
    Row row = {metric};
    for (const Side& side : sides) {
      row.push_back(figure_of(side, metric));
    }
    for (std::size_t i = 1; i < sides.size(); ++i) {
      row.push_back(difference_of(sides.front(), sides[i], metric));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

bool ComparedCell::differs() const {
  return adjusted_p && *adjusted_p < kAlarm;
}

std::vector<ComparedCell> compare_studies(const std::vector<StudyReport>& studies) {
  std::vector<ComparedCell> compared;
  const StudyReport& first = studies.at(0);
  for (std::size_t i = 1; i < studies.size(); ++i) {
    if (studies[i].table.metric != first.table.metric) {
      throw std::invalid_argument("compare studies: their tables are of different metrics");
    }
    for (const auto& [a, b] : common_cells(first.assessed, studies[i].assessed)) {
      const ResultCell& before = first.assessed.cells[a];
      const ResultCell& after = studies[i].assessed.cells[b];
      const std::string place = describe_place(first.table, before.runs.place);
      ComparedCell cell{.label = place.empty() ? "all" : place, .first = a, .study = i, .other = b};
      cell.is_paired = share_seeds(after.runs, before.runs);
      if (before.is_complete && after.is_complete) {
        cell.comparison = compare_cells(after.runs, before.runs);
      }
      compared.push_back(std::move(cell));
    }
  }
  adjust(compared);
  return compared;
}

TextTable difference_rows(const std::vector<StudyReport>& studies,
                          const std::vector<ComparedCell>& cells) {
  TextTable table{.columns = {"cell",
                              "study",
                              "minus",
                              "answer",
                              "difference",
                              "low",
                              "high",
                              "test",
                              "n",
                              "p",
                              "p_holm"},
                  .rows = {}};
  for (const ComparedCell& cell : cells) {
    const Comparison known = cell.comparison.value_or(Comparison{});
    Row row = {cell.label,
               studies[cell.study].results.study.name,
               studies.front().results.study.name,
               answer_of(cell),
               cell.comparison ? Cell(known.difference) : Cell()};
    add_interval(known.interval, row);
    row.emplace_back(cell.is_paired ? "paired t" : "Welch t");
    row.emplace_back(static_cast<std::int64_t>(known.n));
    row.push_back(or_nothing(known.p));
    row.push_back(or_nothing(cell.adjusted_p));
    table.rows.push_back(std::move(row));
  }
  return table;
}

TextTable figure_rows(const std::vector<StudyReport>& studies,
                      const std::vector<ComparedCell>& cells) {
  TextTable table{.columns = {"cell", "study", "n", "mean", "low", "high"}, .rows = {}};
  std::set<std::size_t> shown;  // cells of the first study
  for (const ComparedCell& cell : cells) {
    if (!shown.insert(cell.first).second) {
      continue;
    }
    table.rows.push_back(
        figure_row(cell.label, studies.front(), studies.front().assessed.cells[cell.first]));
    for (const ComparedCell& beside : cells) {
      if (beside.first == cell.first) {
        const StudyReport& study = studies[beside.study];
        table.rows.push_back(figure_row(cell.label, study, study.assessed.cells[beside.other]));
      }
    }
  }
  return table;
}

std::string describe_differences(const std::vector<ComparedCell>& cells) {
  if (cells.empty()) {
    return "The studies have no cell and no configuration in common.";
  }
  const auto differing = std::ranges::count_if(cells, &ComparedCell::differs);
  return std::to_string(differing) + " of " + std::to_string(cells.size()) +
         (cells.size() == 1 ? " comparison finds" : " comparisons find") +
         " a difference at the 5 % level, after Holm over all of them: by paired t where seeds are "
         "shared, else by Welch's t.";
}

}  // namespace glimpse::reports
