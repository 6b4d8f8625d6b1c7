#include "reports/markup/element.h"

#include <stdexcept>
#include <type_traits>
#include <vector>

#include <gtest/gtest.h>

namespace glimpse::reports {
namespace {

TEST(Element, WritesTextAttributesAndChildren) {
  EXPECT_EQ(Element("b").set("title", "t").text("x").add(Element("i").text("y")).render(),
            "<b title=\"t\">x<i>y</i></b>");
  EXPECT_EQ(Element("img").set("alt", "a").render(), "<img alt=\"a\">");
  EXPECT_EQ(Element("details").set("open").render(), "<details open=\"\"></details>");
}

TEST(Element, KeepsTextTextWhateverItSays) {
  EXPECT_EQ(Element("b").text("<script>alert('1' & \"2\")</script>").render(),
            "<b>&lt;script&gt;alert(&#39;1&#39; &amp; &quot;2&quot;)&lt;/script&gt;</b>");
  EXPECT_EQ(Element("b").set("title", "\" autofocus onfocus=\"x").render(),
            "<b title=\"&quot; autofocus onfocus=&quot;x\"></b>");
}

TEST(Element, ShowsWhatWouldBeObeyed) {
  EXPECT_EQ(Element("b").text("\x1b[31m \xe2\x80\xae \xff\n").render(),
            "<b>\\x1b[31m \\u202e \\xff\\n</b>");
}

TEST(Element, GivesBlocksALineEach) {
  const Element row = Element("tr").add(Element("td").text("1")).add(Element("td").text("2"));
  EXPECT_EQ(Element("table").add(row).add(row).render(),
            "<table>\n<tr><td>1</td><td>2</td></tr>\n<tr><td>1</td><td>2</td></tr>\n</table>");
}

TEST(Element, LinksToPlacesOfThePageAlone) {
  EXPECT_EQ(Element("a").link_to(Id("cell", 3).with(1)).render(), "<a href=\"#cell-3-1\"></a>");
  EXPECT_EQ(Element("p").set_id(Id("top")).render(), "<p id=\"top\"></p>");
}

TEST(Element, CarriesPicturesInside) {
  const std::vector<std::byte> png = {std::byte{'f'}, std::byte{'o'}};
  EXPECT_EQ(Element("img").show_png(png).render(), "<img src=\"data:image/png;base64,Zm8=\">");
  EXPECT_EQ(Element("image").show_png(png).render(),
            "<image href=\"data:image/png;base64,Zm8=\"></image>");
}

TEST(Element, RefusesOwnTextThatEndsItself) {
  EXPECT_EQ(Element("style").add_own({"a > b {}"}).render(), "<style>a > b {}</style>");
  EXPECT_THROW(Element("style").add_own({"</style>"}), std::logic_error);
}

// Names are literals, so no text of anybody's becomes one.
static_assert(!std::is_constructible_v<Element, std::string>);
static_assert(!std::is_convertible_v<std::string_view, AttributeName>);

}  // namespace
}  // namespace glimpse::reports
