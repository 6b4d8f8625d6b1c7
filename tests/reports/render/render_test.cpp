// What the renderers print, as golden files. GLIMPSE_UPDATE_GOLDEN=1 writes them anew; look at the
// difference before committing it.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "reports/render/render_json.h"
#include "reports/render/render_latex.h"
#include "reports/render/render_markdown.h"
#include "reports/render/render_text.h"
#include "tests/reports/sample_report.h"

namespace glimpse::reports {
namespace {

namespace fs = std::filesystem;

void expect_golden(const std::string& name, const std::string& text) {
  const fs::path file = fs::path(GLIMPSE_SOURCE_DIR) / "tests/golden/report" / name;
  if (std::getenv("GLIMPSE_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(file) << text;
  }
  std::ostringstream golden;
  golden << std::ifstream(file).rdbuf();
  EXPECT_EQ(text, golden.str()) << name;
}

TEST(Render, PrintsTheTableAsGoldenFilesSay) {
  const StudyReport report = tests::sample_report();
  expect_golden("table1.md", render_markdown(report));
  expect_golden("table1.tex", render_latex(report));
  expect_golden("table1.json", render_json(report));
  expect_golden("table1.txt", render_text(report));
}

// Names that would be obeyed somewhere. The golden file is compiled by check_latex.py.
const std::vector<std::string>& hostile_names() {
  static const std::vector<std::string> names = {"<script>alert(1)</script>",
                                                 "\"><img src=x onerror=alert(1)>",
                                                 "javascript:alert(1)",
                                                 "https://example.org/?a=1&b=2",
                                                 "www.example.org",
                                                 "[a](javascript:alert(1))",
                                                 "![x](y)",
                                                 "| a | b |",
                                                 "**bold** _it_ ~~s~~ `code`",
                                                 "# heading",
                                                 "- list",
                                                 "---",
                                                 "\\input{/etc/passwd}",
                                                 "\\write18{ls}",
                                                 "$x_1^2$",
                                                 "100 % & more",
                                                 "\\end{document}",
                                                 "{}",
                                                 "~#^",
                                                 "=1+1",
                                                 "@SUM(A1)",
                                                 "+1",
                                                 "-1",
                                                 "\t=1",
                                                 "a\nb\r\nc",
                                                 "\xe2\x80\xae"
                                                 "detrevni",
                                                 "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d",
                                                 "\xf0\x9f\x98\x80",
                                                 "\xc3\xa9\xc3\xa0",
                                                 "\xff\xfe",
                                                 std::string("nul\0byte", 8),
                                                 "\x1b[31mred",
                                                 "--- em -- en",
                                                 "<<a>>",
                                                 "''q''",
                                                 "``q``",
                                                 "&lt;b&gt;",
                                                 "%n%s",
                                                 "../../etc",
                                                 ""};
  return names;
}

// What is left when every escaped character is gone.
std::string without_escapes(const std::string& markdown) {
  std::string left;
  for (std::size_t i = 0; i < markdown.size(); ++i) {
    if (markdown[i] == '\\') {
      ++i;
    } else {
      left += markdown[i];
    }
  }
  return left;
}

TEST(Render, KeepsHostileNamesText) {
  std::string latex;
  for (const std::string& name : hostile_names()) {
    const StudyReport report = tests::hostile_report(name);
    latex += escape_latex(name) + "\\par\n";
    const std::string markdown = render_markdown(report);
    for (const char* const live : {"<script", "<img", "](", "**bold", "`code", "://", "www.e"}) {
      EXPECT_EQ(without_escapes(markdown).find(live), std::string::npos)
          << live << " in " << markdown;
    }
    for (const std::string& text : {markdown, render_text(report), render_json(report)}) {
      EXPECT_EQ(text.find('\x1b'), std::string::npos) << text;
      EXPECT_EQ(text.find('\0'), std::string::npos);
    }
    const std::string table = render_latex(report);
    for (const char* const live : {"\\input", "\\write", "\\end{document}"}) {
      EXPECT_EQ(table.find(live), std::string::npos) << live << " in " << table;
    }
  }
  expect_golden("hostile_names.tex", latex);
}

TEST(Render, TakesNamesOfAnyLength) {
  const std::string name(std::size_t{64} << 10, '%');
  const StudyReport report = tests::hostile_report(name);
  EXPECT_GT(render_latex(report).size(), 2 * name.size());
  EXPECT_GT(render_markdown(report).size(), name.size());
  EXPECT_GT(render_text(report).size(), name.size());
}

TEST(Render, GivesTheSameBytesForTheSameResults) {
  EXPECT_EQ(render_latex(tests::sample_report()), render_latex(tests::sample_report()));
}

TEST(Render, SaysWhatNothingHasRunFor) {
  StudyResults results = tests::sample_report().results;
  for (RunResult& run : results.runs) {
    run.state = "pending";
    run.value.reset();
  }
  const StudyReport report = make_report(std::move(results), {"epochs: 60 instead of 300"});
  const std::string text = render_markdown(report);
  EXPECT_NE(text.find("9 missing"), std::string::npos) << text;
  EXPECT_NE(text.find("| rnn-spn | missing (1.8) |"), std::string::npos) << text;
  EXPECT_NE(text.find("Not the published protocol: epochs: 60 instead of 300"), std::string::npos);
}

TEST(Render, EscapesWhatLatexWouldObey) {
  EXPECT_EQ(escape_latex("50 % of $x_1$ & \\input{a}"),
            "50 \\% of \\$x\\_1\\$ \\& \\textbackslash{}input\\{a\\}");
  EXPECT_EQ(escape_latex("a--b ^~ <\"'`>"),
            "a-{}-b \\textasciicircum{}\\textasciitilde{} "
            "\\textless{}\\textquotedbl{}\\textquotesingle{}\\textasciigrave{}\\textgreater{}");
  EXPECT_EQ(escape_latex("\xc3\xa9 \xf0\x9f\x98\x80"), "U+00E9 U+1F600");
}

}  // namespace
}  // namespace glimpse::reports
