#include <gtest/gtest.h>

#include "reports/html/sections.h"
#include "tests/reports/html/sample_content.h"

namespace glimpse::reports {
namespace {

GalleryItem item_of(const std::string& model, std::uint32_t index, int wrong) {
  GalleryItem item = tiny_sample().gallery.at(0);
  item.model = model;
  item.index = index;
  item.targets = {1, 2, 3};
  item.predictions = {1, 2, 3};
  for (int i = 0; i < wrong; ++i) {
    item.predictions.at(static_cast<std::size_t>(i)) = 9;
  }
  return item;
}

std::string gallery_of(const std::vector<GalleryItem>& items, std::size_t limit = 9) {
  return render_gallery(items, pick_pictures(items, limit), {}).render();
}

// "model:index model:index", as the cards stand.
std::string order_of(const std::vector<GalleryItem>& items, std::size_t limit) {
  const std::string html = gallery_of(items, limit);
  std::string order;
  for (std::size_t at = html.find("<bdi>", html.find("<article")); at != std::string::npos;
       at = html.find("<bdi>", at + 1)) {
    const std::size_t end = html.find('<', at + 5);
    const std::size_t image = html.find("image ", end) + 6;
    order += (order.empty() ? "" : " ") + html.substr(at + 5, end - at - 5) + ':' +
             html.substr(image, html.find(',', image) - image);
  }
  return order;
}

TEST(GallerySection, ShowsTheWorstFirst) {
  EXPECT_EQ(order_of({item_of("a", 0, 0), item_of("a", 1, 2), item_of("a", 2, 1)}, 9),
            "a:1 a:2 a:0");
}

TEST(GallerySection, TakesAsManyOfEachModel) {
  const std::vector<GalleryItem> items = {item_of("a", 0, 3),
                                          item_of("a", 1, 3),
                                          item_of("a", 2, 3),
                                          item_of("b", 0, 0),
                                          item_of("b", 1, 1)};
  EXPECT_EQ(order_of(items, 3), "a:0 a:1 b:1");
  EXPECT_EQ(order_of(items, 4), "a:0 a:1 b:1 b:0");
}

TEST(GallerySection, MarksEachWrongDigit) {
  const std::string html = gallery_of({item_of("a", 0, 1)});
  EXPECT_NE(html.find("<mark class=\"digit\">9</mark><span class=\"digit\">2</span>"),
            std::string::npos);
  EXPECT_NE(html.find("data-wrong=\"1\""), std::string::npos);
  EXPECT_NE(html.find(">Image 0: 1 2 3, read as 9 2 3</title>"), std::string::npos);
}

// A pixel's centre lies at a whole number. The picture has four pixels on a side of 100 units.
TEST(GallerySection, DrawsBoxesAtTheEdgesOfPixels) {
  const std::string html = gallery_of({item_of("a", 0, 0)});
  EXPECT_NE(html.find("<rect x=\"37.5\" y=\"37.5\" width=\"25\" height=\"25\">"),
            std::string::npos);
}

TEST(GallerySection, CountsAMissingPredictionAsWrong) {
  GalleryItem item = item_of("a", 0, 0);
  item.predictions.pop_back();
  EXPECT_NE(gallery_of({item}).find("data-wrong=\"1\""), std::string::npos);
}

TEST(GallerySection, LinksPicturesAndCellsBothWays) {
  PageContent content = tiny_sample();
  content.gallery.push_back(content.gallery[0]);
  const std::vector<std::size_t> picked = {0, 1};
  const RunLinks links = link_runs(content, picked);
  EXPECT_EQ(links.cells.at("00ff1"), 0U);
  EXPECT_EQ(links.cells_with_pictures, (std::set<std::size_t>{0}));
  const std::string gallery = render_gallery(content.gallery, picked, links).render();
  EXPECT_NE(gallery.find("<a href=\"#cell-0\"><code>00ff1</code></a>"), std::string::npos);
  const std::size_t target = gallery.find("id=\"pictures-0\"");
  ASSERT_NE(target, std::string::npos);
  EXPECT_EQ(gallery.find("id=\"pictures-0\"", target + 1), std::string::npos);
  EXPECT_NE(render_table(*content.table, links).render().find("href=\"#pictures-0\""),
            std::string::npos);
}

}  // namespace
}  // namespace glimpse::reports
