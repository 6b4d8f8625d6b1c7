#include "reports/render/render_latex.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "reports/text_width.h"

namespace glimpse::reports {
namespace {

struct Escape {
  char plain;
  std::string_view text;
};

// Hyphens and quotes too, which LaTeX would join or turn.
constexpr std::array<Escape, 18> kEscapes = {{{'\\', "\\textbackslash{}"},
                                              {'{', "\\{"},
                                              {'}', "\\}"},
                                              {'$', "\\$"},
                                              {'&', "\\&"},
                                              {'#', "\\#"},
                                              {'%', "\\%"},
                                              {'_', "\\_"},
                                              {'^', "\\textasciicircum{}"},
                                              {'~', "\\textasciitilde{}"},
                                              {'<', "\\textless{}"},
                                              {'>', "\\textgreater{}"},
                                              {'|', "\\textbar{}"},
                                              {'"', "\\textquotedbl{}"},
                                              {'\'', "\\textquotesingle{}"},
                                              {'`', "\\textasciigrave{}"},
                                              {'[', "{[}"},
                                              {']', "{]}"}}};

constexpr unsigned char kNotAscii = 0x80;

// The code point of the character at `at`, which it leaves behind. The text is valid UTF-8.
char32_t take_character(std::string_view utf8, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(utf8[i]); };
  const unsigned char first = byte(at++);
  char32_t character = first < 0xE0 ? first & 0x1FU : first < 0xF0 ? first & 0x0FU : first & 0x07U;
  while (at < utf8.size() && (byte(at) & 0xC0U) == kNotAscii) {
    character = character << 6U | (byte(at++) & 0x3FU);
  }
  return character;
}

std::string render_code_point(char32_t character) {
  std::array<char, 16> text{};
  const int length =
      std::snprintf(text.data(), text.size(), "U+%04X", static_cast<unsigned int>(character));
  return {text.data(), static_cast<std::size_t>(length)};
}

std::string print_number(const std::string& number) {
  return "\\num{" + number + "}";
}

std::string render_cell(const StudyReport& report, const ResultCell& cell) {
  const std::string verdict = escape_latex(name_of(cell.judgement.verdict));
  const PrintedFigure figure = print_figure(cell, report.paper.decimals);
  std::string text = figure.mean.empty() ? verdict : print_number(figure.mean);
  if (!figure.half_width.empty()) {
    text = print_number(figure.mean + " +- " + figure.half_width);
  }
  if (cell.is_best) {
    text = "\\textbf{" + text + "}";
  }
  if (cell.published) {
    text += " (" + print_number(print_published(report.table, *cell.published)) + ")";
  }
  return text;
}

std::string render_row(const StudyReport& report, const PaperRow& row) {
  std::string line = escape_latex(row.label);
  if (row.across) {
    line += " & \\multicolumn{" + std::to_string(row.cells.size()) + "}{c}{" +
            render_cell(report, report.assessed.cells[*row.across]) + "}";
  } else {
    for (const std::optional<std::size_t>& cell : row.cells) {
      line += " & " + (cell ? render_cell(report, report.assessed.cells[*cell]) : "");
    }
  }
  return line + " \\\\\n";
}

// The columns' parameter once, above its values.
std::string render_head(const PaperTable& paper) {
  const std::string count = std::to_string(paper.columns.size());
  std::string head;
  if (!paper.column_name.empty()) {
    head += " & \\multicolumn{" + count + "}{c}{" + escape_latex(paper.column_name) +
            "} \\\\\n\\cmidrule(lr){2-" + std::to_string(paper.columns.size() + 1) + "}\n";
  }
  head += escape_latex(paper.row_name);
  for (const std::string& column : paper.columns) {
    head += " & " + escape_latex(column.empty() ? paper.metric : column);
  }
  return head + " \\\\\n";
}

}  // namespace

std::string escape_latex(std::string_view utf8) {
  const std::string text = escape_controls(utf8);
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    if (static_cast<unsigned char>(text[i]) >= kNotAscii) {
      out += render_code_point(take_character(text, i));
      continue;
    }
    const char c = text[i++];
    const auto* const found = std::find_if(
        kEscapes.begin(), kEscapes.end(), [&](const Escape& escape) { return escape.plain == c; });
    // Two hyphens in a row would become a dash.
    out += found != kEscapes.end()          ? std::string(found->text)
           : c == '-' && out.ends_with('-') ? std::string("{}-")
                                            : std::string(1, c);
  }
  return out;
}

std::string render_latex(const StudyReport& report) {
  std::string text =
      "% \\usepackage{booktabs}\n% \\usepackage{siunitx}\n% \\usepackage{textcomp}\n"
      "\\begin{table}\n\\centering\n\\small\n\\setlength{\\tabcolsep}{4pt}\n\\sisetup{separate-"
      "uncertainty=true, "
      "detect-weight=true}\n\\caption{";
  text += escape_latex(report.results.study.name) + ": " + count_verdicts(report.assessed) + ".}\n";
  text += "\\begin{tabular}{l" + std::string(report.paper.columns.size(), 'c') + "}\n\\toprule\n" +
          render_head(report.paper) + "\\midrule\n";
  for (const PaperRow& row : report.paper.rows) {
    text += render_row(report, row);
  }
  text +=
      "\\bottomrule\n\\end{tabular}\n\n\\medskip\n\\begin{minipage}{\\linewidth}\\footnotesize\n";
  const auto add_line = [&](const std::string& line) { text += escape_latex(line) + "\\par\n"; };
  for (const std::string& note : table_notes(report)) {
    add_line(note);
  }
  for (const ResultClaim& claim : report.assessed.claims) {
    add_line("Claim: " + claim.text + ": " + describe_answer(claim, report.paper.decimals) + '.');
  }
  for (const std::string& deviation : report.assessed.deviations) {
    add_line("Not the published protocol: " + deviation + '.');
  }
  return text + "\\end{minipage}\n\\end{table}\n";
}

}  // namespace glimpse::reports
