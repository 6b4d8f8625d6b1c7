#include "reports/render/render_markdown.h"

#include "reports/escape_markdown.h"

namespace glimpse::reports {
namespace {

std::string render_cell(const StudyReport& report, const ResultCell& cell) {
  const std::string verdict(name_of(cell.judgement.verdict));
  const PrintedFigure figure = print_figure(cell, report.paper.decimals);
  std::string text = figure.mean.empty() ? verdict : figure.mean;
  if (!figure.half_width.empty()) {
    text += " ± " + figure.half_width;
  }
  if (cell.is_best) {
    text = "**" + text + "**";
  }
  if (cell.published) {
    text += " (" + print_published(report.table, *cell.published) +
            (figure.mean.empty() ? "" : ", " + verdict) + ")";
  }
  return text;
}

std::string render_row(const StudyReport& report, const PaperRow& row) {
  std::string line = "| " + escape_markdown(row.label) + " |";
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    // Markdown has no cells that stand across.
    const std::optional<std::size_t> cell = i == 0 && row.across ? row.across : row.cells[i];
    line += cell ? ' ' + render_cell(report, report.assessed.cells[*cell]) + " |" : " |";
  }
  return line + '\n';
}

std::string render_head(const PaperTable& paper) {
  std::string head = "| " + escape_markdown(paper.row_name) + " |";
  std::string rule = "|---|";
  for (const std::string& column : paper.columns) {
    head += ' ' +
            escape_markdown(column.empty() ? paper.metric : paper.column_name + ' ' + column) +
            " |";
    rule += "---:|";
  }
  return head + '\n' + rule + '\n';
}

}  // namespace

std::string render_markdown(const StudyReport& report) {
  std::string text = "# " + escape_markdown(report.results.study.name) + "\n\n" +
                     count_verdicts(report.assessed) + "\n\n" + render_head(report.paper);
  for (const PaperRow& row : report.paper.rows) {
    text += render_row(report, row);
  }
  text += '\n';
  for (const std::string& note : table_notes(report)) {
    text += "- " + escape_markdown(note) + '\n';
  }
  for (const ResultClaim& claim : report.assessed.claims) {
    text += "- Claim: " + escape_markdown(claim.text) + ": " +
            describe_answer(claim, report.paper.decimals) + '\n';
  }
  for (const std::string& deviation : report.assessed.deviations) {
    text += "- Not the published protocol: " + escape_markdown(deviation) + '\n';
  }
  return text;
}

}  // namespace glimpse::reports
