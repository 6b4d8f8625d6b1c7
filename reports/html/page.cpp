#include "reports/html/page.h"

#include <array>
#include <string_view>

#include "experiments/hash/sha256.h"
#include "reports/charts/chart_style.h"
#include "reports/html/page_parts.h"
#include "reports/html/page_texts.h"
#include "reports/html/sections.h"
#include "reports/markup/base64.h"
#include "reports/markup/element.h"
#include "reports/text_width.h"

namespace glimpse::reports {
namespace {

struct Chapter {
  Id id;
  std::string_view title;
};

Element render_head(const std::string& study) {
  Element head("head");
  head.add(Element("meta").set("charset", "utf-8"));
  head.add(Element("meta").set_policy(page_policy()));
  head.add(Element("meta")
               .set("name", "viewport")
               .set("content", "width=device-width, initial-scale=1"));
  head.add(Element("meta").set("name", "color-scheme").set("content", "light dark"));
  head.add(Element("meta").set("name", "generator").set("content", "Glimpse"));
  head.add(Element("title").text(cut_to_width(escape_controls(study), kLongestName) + ": report"));
  head.add(Element("style").set_id(Id("charts")).add_own({chart_style()}));
  head.add(Element("style").add_own({page_style()}));
  // Apart, so that a switch only has to change when it applies. Paper is white.
  head.add(Element("style")
               .set_id(Id("dark"))
               .set("media", "screen and (prefers-color-scheme: dark)")
               .add_own({dark_style()}));
  return head;
}

Element render_contents(bool has_table) {
  Element list("ul");
  const std::array chapters = {Chapter{Id("verdict"), "Verdict"},
                               Chapter{Id("table"), "Table"},
                               Chapter{Id("curves"), "Curves"},
                               Chapter{Id("seeds"), "Seeds"},
                               Chapter{Id("parameters"), "Hyperparameters"},
                               Chapter{Id("gallery"), "Gallery"},
                               Chapter{Id("failures"), "Failures"},
                               Chapter{Id("cost"), "Cost"},
                               Chapter{Id("environment"), "Environment"},
                               Chapter{Id("commands"), "Commands"}};
  for (const Chapter& chapter : chapters) {
    if (has_table || chapter.title != "Table") {
      list.add(Element("li").add(Element("a").link_to(chapter.id).text(chapter.title)));
    }
  }
  return Element("nav").set("aria-label", "Sections").add(list);
}

Element render_header(const PageContent& content) {
  Element header("header");
  header.add(Element("p").set_class("kind").text("Report of a study"));
  header.add(Element("h1").add(make_name(content.overview.study)));
  if (!content.overview.notes.empty()) {
    header.add(Element("p").set_class("lead").text(content.overview.notes));
  }
  header.add(render_contents(content.table.has_value()));
  // Shown by the script, which makes it work.
  header.add(Element("button").set_id(Id("scheme")).set("type", "button").set("hidden"));
  return header;
}

std::string metric_of(const PageContent& content) {
  return content.table ? content.table->plan.metric : content.parameters.outcome;
}

}  // namespace

std::string page_policy() {
  const experiments::Sha256Digest digest = experiments::sha256(page_script());
  return "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-" +
         base64(digest) + "'; base-uri 'none'; form-action 'none'";
}

std::string render_page(const PageContent& content, const PageOptions& options) {
  const std::vector<std::size_t> pictures = pick_pictures(content.gallery, options.gallery_limit);
  const RunLinks links = link_runs(content, pictures);
  Element main("main");
  main.add(render_verdict(content));
  if (content.table) {
    main.add(render_table(*content.table, links));
  }
  main.add(render_curves(content.curves));
  main.add(render_strips(content.strips, metric_of(content)));
  main.add(render_parameters(content.parameters));
  main.add(render_gallery(content.gallery, pictures, links));
  main.add(render_failures(content.failures, links));
  main.add(render_costs(content.costs));
  main.add(render_environments(content.environments));
  main.add(render_commands(content.commands));
  Element body("body");
  body.add(render_header(content)).add(main);
  body.add(Element("footer").text(
      "Made by Glimpse from the study\xe2\x80\x99s results. This file is complete in itself."));
  body.add(Element("script").add_own({page_script()}));
  return "<!DOCTYPE html>\n" +
         Element("html")
             .set("lang", "en")
             .add(render_head(content.overview.study))
             .add(body)
             .render() +
         '\n';
}

}  // namespace glimpse::reports
