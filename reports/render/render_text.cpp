#include "reports/render/render_text.h"

#include <sstream>

#include "reports/text_width.h"

namespace glimpse::reports {
namespace {

std::string render_cell(const StudyReport& report, const ResultCell& cell) {
  const PrintedFigure figure = print_figure(cell, report.paper.decimals);
  std::string text =
      figure.mean.empty() ? std::string(name_of(cell.judgement.verdict)) : figure.mean;
  if (!figure.half_width.empty()) {
    text += " ± " + figure.half_width;
  }
  if (cell.is_best) {
    text += " *";
  }
  if (cell.published) {
    text += " (" + print_published(report.table, *cell.published);
    text += figure.mean.empty() ? ")" : ", " + std::string(name_of(cell.judgement.verdict)) + ")";
  }
  return text;
}

TextTable lay_out_text(const StudyReport& report) {
  const PaperTable& paper = report.paper;
  TextTable table{.columns = {paper.row_name}, .rows = {}};
  for (const std::string& column : paper.columns) {
    table.columns.push_back(paper.column_name.empty() || column.empty()
                                ? paper.metric
                                : paper.column_name + ' ' + column);
  }
  for (const PaperRow& row : paper.rows) {
    Row cells(paper.columns.size() + 1);
    cells[0] = row.label;
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      if (row.cells[i]) {
        cells[i + 1] = render_cell(report, report.assessed.cells[*row.cells[i]]);
      }
    }
    if (row.across) {
      cells[1] = render_cell(report, report.assessed.cells[*row.across]);
    }
    table.rows.push_back(std::move(cells));
  }
  return table;
}

}  // namespace

std::string render_text(const StudyReport& report) {
  std::ostringstream out;
  out << escape_controls(report.results.study.name) << ": " << count_verdicts(report.assessed)
      << "\n\n";
  write_table(out, lay_out_text(report), {});
  out << '\n';
  for (const std::string& note : table_notes(report)) {
    out << escape_controls(note) << '\n';
  }
  for (const ResultClaim& claim : report.assessed.claims) {
    out << "Claim: " << escape_controls(claim.text) << ": "
        << describe_answer(claim, report.paper.decimals) << '\n';
  }
  for (const std::string& deviation : report.assessed.deviations) {
    out << "Not the published protocol: " << escape_controls(deviation) << '\n';
  }
  return std::move(out).str();
}

}  // namespace glimpse::reports
