#include <gtest/gtest.h>

#include "reports/html/sections.h"
#include "reports/html/table_figures.h"
#include "tests/reports/html/sample_content.h"

namespace glimpse::reports {
namespace {

std::string table_of(const TableContent& table) {
  return render_table(table, {}).render();
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(TableSection, PrintsMeansWithIntervalsBesideThePaper) {
  const TableContent table = *tiny_sample().table;
  const std::string html = table_of(table);
  EXPECT_TRUE(has(html, "1.80<span class=\"half\"> \xc2\xb1 0.25</span>"));
  // 2.0 reads as 2, and the paper printed 2.0.
  EXPECT_TRUE(has(html, "<span class=\"published\">paper 2.0</span>"));
}

TEST(TableSection, PrintsBoldOnlyWhatIsSurelyBest) {
  TableContent table = *tiny_sample().table;
  EXPECT_FALSE(has(table_of(table), "<strong"));
  table.results.cells[0].is_best = true;
  EXPECT_TRUE(has(table_of(table), "<strong class=\"mean\">1.80"));
}

TEST(TableSection, HasNoMeanWhereASeedIsMissing) {
  const std::string html = table_of(*tiny_sample().table);
  EXPECT_TRUE(has(html, "<span class=\"mean\">no mean</span>"));
  EXPECT_TRUE(has(html, "<td class=\"list\">1.40, diverged</td>"));
}

TEST(TableSection, NamesSeedsThatDoNotCountFromOne) {
  TableContent table = *tiny_sample().table;
  table.results.cells[0].runs.seeds[0].seed = 7;
  EXPECT_TRUE(has(table_of(table),
                  ">7:\xc2\xa0"
                  "1.70, 2:\xc2\xa0"
                  "1.80, "));
}

TEST(TableSection, HasNoIntervalBelowThreeSeeds) {
  TableContent table = *tiny_sample().table;
  std::vector<CellRuns> cells;
  for (const ResultCell& cell : table.results.cells) {
    cells.push_back(cell.runs);
    cells.back().seeds.resize(std::min<std::size_t>(cell.runs.seeds.size(), 2));
  }
  table.results = assess(table.plan, experiments::Goal::kMinimize, cells, {});
  const std::string html = table_of(table);
  EXPECT_TRUE(has(html, "(no interval)"));
  EXPECT_FALSE(has(html, "\xc2\xb1 0"));
}

TEST(TableSection, SpansTheColumnsWhereTheyHaveNoMeaning) {
  const std::string html = table_of(*table_sample().table);
  EXPECT_TRUE(has(html, "<td colspan=\"4\"><a href=\"#cell-8\">"));
  EXPECT_TRUE(has(html, "<tr id=\"cell-8\">"));
}

TEST(VerdictSection, CountsVerdictsAndClaims) {
  const std::string html = render_verdict(table_sample()).render();
  EXPECT_TRUE(has(html,
                  "Of 9 published figures: 6\xc2\xa0"
                  "reproduced, 1\xc2\xa0"
                  "consistent, 1\xc2\xa0worse, "
                  "1\xc2\xa0incomplete"));
  EXPECT_TRUE(has(html, "% level: 5 of 6."));
  EXPECT_TRUE(has(html, "class=\"verdict bad\""));
}

TEST(VerdictSection, ComparesNothingThatDeviates) {
  PageContent content = tiny_sample();
  content.table->results.deviations = {"epochs: 10, not 300"};
  const std::string html = render_verdict(content).render();
  EXPECT_TRUE(has(html, "Not comparable with the published figures"));
  EXPECT_TRUE(has(html, "<li>epochs: 10, not 300</li>"));
}

TEST(VerdictSection, IsGoodOnlyWhereEveryFigureIs) {
  PageContent content = tiny_sample();
  for (ResultCell& cell : content.table->results.cells) {
    if (cell.published) {
      cell.judgement = Judgement{Verdict::kReproduced, std::nullopt};
    }
  }
  EXPECT_TRUE(has(render_verdict(content).render(), "class=\"verdict good\""));
  content.table->results.cells[0].judgement = Judgement{Verdict::kInconclusive, 4};
  const std::string html = render_verdict(content).render();
  EXPECT_TRUE(has(html, "class=\"verdict open\""));
  EXPECT_TRUE(has(html, ", 4 more seeds"));
}

}  // namespace
}  // namespace glimpse::reports
