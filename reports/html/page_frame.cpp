#include "reports/html/page_frame.h"

#include "experiments/hash/sha256.h"
#include "reports/charts/chart_style.h"
#include "reports/html/page.h"
#include "reports/html/page_texts.h"
#include "reports/markup/base64.h"

namespace glimpse::reports {
namespace {

Element render_head(std::string_view title) {
  Element head("head");
  head.add(Element("meta").set("charset", "utf-8"));
  head.add(Element("meta").set_policy(page_policy()));
  head.add(Element("meta")
               .set("name", "viewport")
               .set("content", "width=device-width, initial-scale=1"));
  head.add(Element("meta").set("name", "color-scheme").set("content", "light dark"));
  head.add(Element("meta").set("name", "generator").set("content", "Glimpse"));
  head.add(Element("title").text(title));
  head.add(Element("style").set_id(Id("charts")).add_own({chart_style()}));
  head.add(Element("style").add_own({page_style()}));
  // Apart, so that a switch only has to change when it applies. Paper is white.
  head.add(Element("style")
               .set_id(Id("dark"))
               .set("media", "screen and (prefers-color-scheme: dark)")
               .add_own({dark_style()}));
  return head;
}

}  // namespace

std::string page_policy() {
  const experiments::Sha256Digest digest = experiments::sha256(page_script());
  return "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-" +
         base64(digest) + "'; base-uri 'none'; form-action 'none'";
}

// Shown by the script, which makes it work.
Element make_scheme_switch() {
  return Element("button").set_id(Id("scheme")).set("type", "button").set("hidden");
}

std::string render_document(std::string_view title, const Element& header, const Element& main) {
  Element body("body");
  body.add(header).add(main);
  body.add(Element("footer").text(
      "Made by Glimpse from the study\xe2\x80\x99s results. This file is complete in itself."));
  body.add(Element("script").add_own({page_script()}));
  return "<!DOCTYPE html>\n" +
         Element("html").set("lang", "en").add(render_head(title)).add(body).render() + '\n';
}

}  // namespace glimpse::reports
