#include "reports/html/page.h"

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include <gtest/gtest.h>

#include "experiments/hash/sha256.h"
#include "reports/html/page_texts.h"
#include "reports/markup/base64.h"
#include "tests/reports/html/sample_content.h"
#include "tests/support/temp_dir.h"

namespace glimpse::reports {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostBytes = std::size_t{5} * 1000 * 1000;
constexpr std::size_t kMostScript = 10'000;

std::string between(const std::string& text, const std::string& from, const std::string& to) {
  const std::size_t begin = text.find(from) + from.size();
  return text.substr(begin, text.find(to, begin) - begin);
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t hits = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++hits;
  }
  return hits;
}

// Style sheets and the script are files of their own already.
TEST(Page, EqualsItsGoldenFile) {
  const std::string page = render_page(tiny_sample());
  const std::string body = between(page, "<body>\n", "<script>");
  const fs::path golden = fs::path(GLIMPSE_SOURCE_DIR) / "tests/golden/report/tiny.html";
  if (std::getenv("GLIMPSE_UPDATE_GOLDEN") != nullptr) {
    tests::save_bytes(golden, body);
  }
  EXPECT_EQ(body, tests::load_bytes(golden));
}

TEST(Page, IsAFunctionOfItsContent) {
  EXPECT_EQ(render_page(table_sample()), render_page(table_sample()));
}

TEST(Page, AllowsItsOneScriptByHashAndNothingElse) {
  const std::string page = render_page(tiny_sample());
  ASSERT_EQ(count(page, "<script"), 1U);
  const std::string hash = base64(experiments::sha256(between(page, "<script>", "</script>")));
  EXPECT_EQ(between(page, "http-equiv=\"Content-Security-Policy\" content=\"", "\">"),
            "default-src &#39;none&#39;; img-src data:; style-src &#39;unsafe-inline&#39;; "
            "script-src &#39;sha256-" +
                hash + "&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;");
  EXPECT_LE(page_script().size(), kMostScript);
}

TEST(Page, NamesNothingOutsideOfItself) {
  std::string page = render_page(table_sample());
  for (const std::string& part : {std::string("http://www.w3.org/2000/svg")}) {
    for (std::size_t at = page.find(part); at != std::string::npos; at = page.find(part)) {
      page.erase(at, part.size());
    }
  }
  EXPECT_EQ(page.find("://"), std::string::npos);
  EXPECT_EQ(count(page, "src=\"") + count(page, "<image "),
            count(page, "=\"data:image/png;base64,"));
  EXPECT_EQ(count(page, "url("), 0U);
  EXPECT_EQ(count(page, "@import"), 0U);
}

TEST(Page, HasItsSectionsInOrder) {
  const std::string page = render_page(table_sample());
  std::size_t last = 0;
  for (const char* id : {"verdict",
                         "table",
                         "curves",
                         "seeds",
                         "parameters",
                         "gallery",
                         "failures",
                         "cost",
                         "environment",
                         "commands"}) {
    const std::size_t at = page.find("<section id=\"" + std::string(id) + "\"");
    ASSERT_NE(at, std::string::npos) << id;
    EXPECT_GT(at, last) << id;
    last = at;
  }
}

TEST(Page, SaysWhatIsMissingFromAStudyThatHasNotRun) {
  const std::string page = render_page(empty_sample());
  for (const char* sentence : {"There is no published figure to compare with",
                               "No epoch has been recorded.",
                               "No configuration has a result yet.",
                               "No trial has kept pictures.",
                               "No attempt failed.",
                               "No time has been recorded.",
                               "No environment has been recorded."}) {
    EXPECT_NE(page.find(sentence), std::string::npos) << sentence;
  }
  EXPECT_EQ(count(page, "<svg"), 0U);
  EXPECT_EQ(page.find("href=\"#table\""), std::string::npos);
}

TEST(Page, StaysSmallHoweverManyPicturesThereAre) {
  PageContent content = table_sample();
  for (int i = 0; i < 6; ++i) {
    const std::vector<GalleryItem> more = content.gallery;
    content.gallery.insert(content.gallery.end(), more.begin(), more.end());
    content.gallery.resize(std::min<std::size_t>(content.gallery.size(), 3000));
  }
  const std::string page = render_page(content);
  EXPECT_EQ(count(page, "<article"), PageOptions{}.gallery_limit);
  EXPECT_LT(page.size(), kMostBytes);
  EXPECT_EQ(count(render_page(content, {.gallery_limit = 5}), "<article"), 5U);
}

TEST(Page, StaysSmallHoweverManyTrialsThereAre) {
  PageContent content = table_sample();
  const std::vector<TrialPoint> trials = content.parameters.trials;
  while (content.parameters.trials.size() < 20'000) {
    content.parameters.trials.insert(content.parameters.trials.end(), trials.begin(), trials.end());
  }
  const std::vector<Curve> curves = content.curves.panels[0].curves;
  for (int i = 0; i < 20; ++i) {
    content.curves.panels.push_back({"panel", curves});
  }
  const std::string page = render_page(content);
  EXPECT_LT(page.size(), kMostBytes);
  EXPECT_NE(page.find("Shown are the best 1000 of 20"), std::string::npos);
}

TEST(Page, StaysSmallHoweverLongItsListsAre) {
  PageContent content = tiny_sample();
  content.strips.resize(20'000, content.strips[0]);
  content.costs.resize(20'000, content.costs[0]);
  content.failures.resize(20'000, content.failures[0]);
  const std::string page = render_page(content);
  EXPECT_LT(page.size(), kMostBytes);
  EXPECT_EQ(count(page, "Shown are the first 400 of 20000."), 3U);
  EXPECT_NE(page.find("Failed attempts: 20000 oom."), std::string::npos);
}

// Whoever fills the content may have divided by 0.
TEST(Page, PrintsNoNumberThatIsNone) {
  PageContent content = tiny_sample();
  content.parameters.effects[0].levels[0].mean = NAN;
  content.parameters.effects[0].share = NAN;
  content.parameters.top_pair->means[0][0] = INFINITY;
  content.parameters.trials[0].outcome = INFINITY;
  content.costs[0].device_hours = NAN;
  content.costs[0].peak_memory_bytes = INFINITY;
  content.strips[0].mean = NAN;
  content.strips[0].values[0] = NAN;
  content.strips[0].interval = Interval{-INFINITY, INFINITY};
  content.curves.panels[0].curves[0].seeds[0].values[0] = NAN;
  content.gallery[0].boxes[0].left = NAN;
  const std::string page = render_page(content);
  const std::string body = between(page, "<body>", "<script>");
  for (const char* word : {"nan", "inf", "NaN"}) {
    for (std::size_t at = body.find(word); at != std::string::npos; at = body.find(word, at + 1)) {
      ADD_FAILURE() << body.substr(at - std::min<std::size_t>(at, 60), 100);
    }
  }
}

TEST(Page, RefusesPicturesThatAreNone) {
  PageContent content = tiny_sample();
  content.gallery[0].image.pixels.pop_back();
  EXPECT_THROW(render_page(content), std::invalid_argument);
  content.gallery[0].image = {.width = -1, .height = -1};
  EXPECT_THROW(render_page(content), std::invalid_argument);
}

TEST(Page, LinksToPlacesThatAreThere) {
  const std::string page = render_page(table_sample());
  std::size_t links = 0;
  for (std::size_t at = page.find("href=\"#"); at != std::string::npos;
       at = page.find("href=\"#", at + 1)) {
    const std::string id = page.substr(at + 7, page.find('"', at + 7) - at - 7);
    EXPECT_EQ(count(page, " id=\"" + id + '"'), 1U) << id;
    ++links;
  }
  EXPECT_GT(links, 30U);
}

TEST(Page, HasEveryIdOnce) {
  const std::string page = render_page(table_sample());
  std::size_t ids = 0;
  for (std::size_t at = page.find(" id=\""); at != std::string::npos;
       at = page.find(" id=\"", at)) {
    const std::size_t end = page.find('"', at + 5);
    const std::string id = page.substr(at, end + 1 - at);
    EXPECT_EQ(count(page, id), 1U) << id;
    at = end;
    ++ids;
  }
  EXPECT_GT(ids, 100U);
}

}  // namespace
}  // namespace glimpse::reports
