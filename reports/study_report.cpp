#include "reports/study_report.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <utility>

namespace glimpse::reports {
namespace {

template <class T>
Cell or_nothing(const std::optional<T>& value) {
  return value ? Cell(*value) : Cell();
}

Cell to_cell(const experiments::Value& value) {
  return std::visit([](const auto& held) { return Cell(held); }, value);
}

// The rows' parameter first, then the columns'.
std::vector<std::string> place_names(const StudyReport& report) {
  std::set<std::string> names;
  for (const ResultCell& cell : report.assessed.cells) {
    for (const auto& [name, value] : cell.runs.place) {
      names.insert(name);
    }
  }
  std::vector<std::string> ordered;
  for (const std::string& name : {report.table.rows, report.table.columns}) {
    if (names.erase(name) > 0) {
      ordered.push_back(name);
    }
  }
  ordered.insert(ordered.end(), names.begin(), names.end());
  return ordered;
}

std::string describe_selection(const experiments::Selection& selection) {
  std::string names;
  for (const std::string& name : selection.over) {
    names += (names.empty() ? "" : ", ") + name;
  }
  return "Each cell took the " + names + " with the best mean of " + selection.best + " over " +
         (selection.seeds == 1 ? "its first seed"
                               : "its first " + std::to_string(selection.seeds) + " seeds") +
         ", and ran that one on the other seeds.";
}

std::string describe_figures(const StudyReport& report) {
  const bool is_error = report.table.metric.ends_with("_error");
  return report.table.metric + (is_error ? " in percent" : "") +
         ": mean over seeds and half of its 95 % interval (" + describe_seeds(report.assessed) +
         ").";
}

std::string describe_order(const StudyReport& report, const ClaimedOrder& order) {
  const auto place = [&](std::size_t cell) {
    return describe_place(report.table, report.assessed.cells[cell].runs.place);
  };
  return place(order.below) + " below " + place(order.above);
}

}  // namespace

StudyReport make_report(StudyResults results, std::vector<std::string> deviations) {
  StudyReport report{.results = std::move(results)};
  const experiments::Study& study = report.results.study;
  report.table = table_of(study);
  report.assessed =
      assess(report.table, study.metric.goal, cells_of(report.results), std::move(deviations));
  report.paper = lay_out(study, report.table, report.assessed);
  return report;
}

std::string count_verdicts(const ResultTable& results) {
  std::string text;
  for (int i = 0; i <= static_cast<int>(Verdict::kNotComparable); ++i) {
    const auto verdict = static_cast<Verdict>(i);
    const auto count = std::ranges::count(
        results.cells, verdict, [](const ResultCell& cell) { return cell.judgement.verdict; });
    if (count > 0) {
      text +=
          (text.empty() ? "" : ", ") + std::to_string(count) + ' ' + std::string(name_of(verdict));
    }
  }
  return text.empty() ? "no cells" : text;
}

std::size_t most_seeds_wanted(const ResultTable& results) {
  std::size_t most = 0;
  for (const ResultCell& cell : results.cells) {
    most = std::max(most, cell.judgement.more_seeds.value_or(0));
  }
  return most;
}

std::vector<std::string> table_notes(const StudyReport& report) {
  std::vector<std::string> notes = {describe_figures(report)};
  const experiments::Study& study = report.results.study;
  if (study.kind == experiments::StudyKind::kTrain) {
    notes.push_back("Each run counts at the epoch of its best " + study.metric.name +
                    ", never of a test metric.");
  }
  if (report.table.select) {
    notes.push_back(describe_selection(*report.table.select));
  }
  if (!report.table.published.empty()) {
    notes.push_back(
        "In brackets: the published figure, one draw of somebody else's, and what ours "
        "say of it with a margin of " +
        render_short(report.table.margin) + ".");
  }
  const auto is_best = [](const ResultCell& cell) { return cell.is_best; };
  if (std::ranges::any_of(report.assessed.cells, is_best)) {
    notes.emplace_back(
        "Bold, or with a star: surely the best of its row, by paired t tests after Holm over all "
        "pairs within rows.");
  }
  return notes;
}

std::string describe_answer(const ResultClaim& claim, int decimals) {
  std::string text(name_of(claim.answer));
  if (claim.orders.size() != 1 || !claim.orders.front().comparison.interval) {
    return text;
  }
  const ClaimedOrder& order = claim.orders.front();
  text += ": difference " + print_fixed(order.comparison.difference, decimals) +
          ", 95 % interval " + print_fixed(order.comparison.interval->low, decimals) + " to " +
          print_fixed(order.comparison.interval->high, decimals);
  if (order.adjusted_p) {
    constexpr double kLeastPrinted = 1e-4;
    text += *order.adjusted_p < kLeastPrinted ? ", p < 0.0001"
                                              : ", p = " + print_fixed(*order.adjusted_p, 4);
  }
  return text;
}

TextTable cell_rows(const StudyReport& report) {
  TextTable table{.columns = place_names(report), .rows = {}};
  const std::size_t places = table.columns.size();
  for (const char* const name :
       {"n", "mean", "low", "high", "is_best", "published", "verdict", "more_seeds"}) {
    table.columns.emplace_back(name);
  }
  for (const ResultCell& cell : report.assessed.cells) {
    Row row;
    for (std::size_t i = 0; i < places; ++i) {
      const auto found = cell.runs.place.find(table.columns[i]);
      row.push_back(found == cell.runs.place.end() ? Cell() : to_cell(found->second));
    }
    const std::optional<std::size_t> more = cell.judgement.more_seeds;
    row.emplace_back(static_cast<std::int64_t>(cell.sample.n));
    row.push_back(cell.is_complete ? Cell(cell.sample.mean) : Cell());
    row.push_back(cell.interval ? Cell(cell.interval->low) : Cell());
    row.push_back(cell.interval ? Cell(cell.interval->high) : Cell());
    row.emplace_back(cell.is_best);
    row.push_back(or_nothing(cell.published));
    row.emplace_back(std::string(name_of(cell.judgement.verdict)));
    row.push_back(more ? Cell(static_cast<std::int64_t>(*more)) : Cell());
    table.rows.push_back(std::move(row));
  }
  return table;
}

TextTable claim_rows(const StudyReport& report) {
  TextTable table{.columns = {"claim", "answer", "difference", "low", "high", "p"}, .rows = {}};
  for (const ResultClaim& claim : report.assessed.claims) {
    const std::string answer(name_of(claim.answer));
    for (const ClaimedOrder& order : claim.orders) {
      const auto& interval = order.comparison.interval;
      table.rows.push_back({claim.orders.size() == 1
                                ? claim.text
                                : claim.text + ": " + describe_order(report, order),
                            answer,
                            order.comparison.n > 0 ? Cell(order.comparison.difference) : Cell(),
                            interval ? Cell(interval->low) : Cell(),
                            interval ? Cell(interval->high) : Cell(),
                            or_nothing(order.adjusted_p)});
    }
    if (claim.orders.empty()) {
      table.rows.push_back({claim.text, answer, {}, {}, {}, {}});
    }
  }
  return table;
}

TextTable deviation_rows(const StudyReport& report) {
  TextTable table{.columns = {"deviation"}, .rows = {}};
  for (const std::string& deviation : report.assessed.deviations) {
    table.rows.push_back({deviation});
  }
  return table;
}

}  // namespace glimpse::reports
