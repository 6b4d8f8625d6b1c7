#include "reports/text_table.h"

#include <limits>
#include <sstream>

#include <gtest/gtest.h>

#include "reports/text_width.h"

namespace glimpse::reports {
namespace {

std::string render(const TextTable& table, TableStyle style) {
  std::ostringstream out;
  write_table(out, table, style);
  return out.str();
}

TextTable small() {
  return {{"model", "error", "n"},
          {{std::string("conv"), 2.9000000000000004, std::int64_t{5}},
           {std::string("rnn-spn"), std::monostate{}, std::int64_t{12}}}};
}

TEST(TextTable, AlignsTextLeftAndNumbersRight) {
  EXPECT_EQ(render(small(), {}),
            "model    error   n\n"
            "conv       2.9   5\n"
            "rnn-spn         12\n");
}

TEST(TextTable, AlignsByColumnsNotBytes) {
  const TextTable table{{"name", "x"},
                        {{std::string("\xe5\xad\xa6"), std::string("a")},
                         {std::string("\xc3\xa4"
                                      "bc"),
                          std::string("b")}}};
  EXPECT_EQ(render(table, {}),
            "name  x\n\xe5\xad\xa6    a\n\xc3\xa4"
            "bc   b\n");
}

TEST(TextTable, WrapsTheWidestTextAtTheScreen) {
  const TextTable table{{"name", "value", "fix"},
                        {{std::string("a"), 1.5, std::string("say more words than fit here")},
                         {std::string("b"), 2.0, std::string("0123456789abcdef0123456789")}}};
  EXPECT_EQ(render(table, {.width = 30}),
            "name  value  fix\n"
            "a       1.5  say more words\n"
            "             than fit here\n"
            "b         2  0123456789abcdef0\n"
            "             123456789\n");
}

TEST(TextTable, EscapesControlCharactersInEveryFormATerminalSees) {
  const TextTable table{{"a\x1b"},
                        {{std::string("b\x1b[2J\n\xc2\x9b"
                                      "2J")}}};
  for (const TableFormat format :
       {TableFormat::kTable, TableFormat::kCsv, TableFormat::kJsonl, TableFormat::kMarkdown}) {
    const std::string text = render(table, {.format = format, .to_terminal = true});
    EXPECT_EQ(text.find('\x1b'), std::string::npos) << text;
    EXPECT_EQ(text.find('\x9b'), std::string::npos) << text;
  }
}

TEST(TextTable, WritesCsvAsRfc4180) {
  const TextTable table{{"a", "b"}, {{std::string("x,\"y\"\nz"), true}}};
  EXPECT_EQ(render(table, {.format = TableFormat::kCsv}), "a,b\r\n\"x,\"\"y\"\"\nz\",true\r\n");
}

TEST(TextTable, DisarmsFormulasInCsvButNotNumbers) {
  const TextTable table{{"a"},
                        {{std::string("=1+1")},
                         {std::string("@x")},
                         {std::string("-2")},
                         {std::string("\tx")},
                         {-2.5}}};
  EXPECT_EQ(render(table, {.format = TableFormat::kCsv}),
            "a\r\n'=1+1\r\n'@x\r\n'-2\r\n'\tx\r\n-2.5\r\n");
}

TEST(TextTable, KeepsEveryBitOfANumberInDataFormats) {
  const double third = 1.0 / 3;
  const TextTable table{{"x"}, {{third}}};
  for (const TableFormat format : {TableFormat::kCsv, TableFormat::kJsonl}) {
    const std::string text = render(table, {.format = format});
    EXPECT_EQ(std::stod(text.substr(text.find("0."))), third) << text;
  }
}

TEST(TextTable, WritesOneJsonObjectPerRow) {
  EXPECT_EQ(render(small(), {.format = TableFormat::kJsonl}),
            "{\"model\":\"conv\",\"error\":2.9000000000000004,\"n\":5}\n"
            "{\"model\":\"rnn-spn\",\"error\":null,\"n\":12}\n");
}

TEST(TextTable, NumbersEqualColumnNamesInJson) {
  const TextTable table{{"a", "a"}, {{std::int64_t{1}, std::int64_t{2}}}};
  EXPECT_EQ(render(table, {.format = TableFormat::kJsonl}), "{\"a\":1,\"a_2\":2}\n");
}

TEST(TextTable, WritesValidUtf8InJsonWhateverTheCellHolds) {
  const TextTable table{{"a"}, {{std::string("x\xff")}}};
  EXPECT_EQ(render(table, {.format = TableFormat::kJsonl}), "{\"a\":\"x\xef\xbf\xbd\"}\n");
}

TEST(TextTable, EscapesMarkdown) {
  const TextTable table{{"a|b"}, {{std::string("`x` <img> \\| [l](u)\nend")}}};
  EXPECT_EQ(render(table, {.format = TableFormat::kMarkdown}),
            "| a\\|b |\n| --- |\n| \\`x\\` \\<img\\> \\\\\\| \\[l\\](u)<br>end |\n");
}

TEST(TextTable, RoundsForPeopleOnly) {
  EXPECT_EQ(render_short(1.0 / 3), "0.333333");
  EXPECT_EQ(render_short(2.9000000000000004), "2.9");
  EXPECT_EQ(render_short(5e-4), "0.0005");
  EXPECT_EQ(render_exact(5e-4), "0.0005");
  EXPECT_EQ(render_exact(2.9000000000000004), "2.9000000000000004");
}

TEST(TextTable, NamesNumbersThatAreNotFinite) {
  EXPECT_EQ(render_exact(-std::numeric_limits<double>::infinity()), "-inf");
  EXPECT_EQ(render_short(std::numeric_limits<double>::quiet_NaN()), "nan");
}

TEST(TextTable, ShowsHeadingsOfAnEmptyTable) {
  EXPECT_EQ(render({{"a", "b"}, {}}, {}), "a  b\n");
  EXPECT_EQ(render({{"a", "b"}, {}}, {.format = TableFormat::kJsonl}), "");
}

TEST(RoughTime, TakesTheUnitThatFits) {
  EXPECT_EQ(render_rough_time(0), "0 s");
  EXPECT_EQ(render_rough_time(0.0234), "0.023 s");
  EXPECT_EQ(render_rough_time(8.14), "8.1 s");
  EXPECT_EQ(render_rough_time(59.4), "59 s");
  EXPECT_EQ(render_rough_time(59.9), "1 min");
  EXPECT_EQ(render_rough_time(143), "2.4 min");
  EXPECT_EQ(render_rough_time(3590), "1 h");
  EXPECT_EQ(render_rough_time(450'000), "125 h");
}

}  // namespace
}  // namespace glimpse::reports
