#include "reports/html/page.h"

#include <array>
#include <string_view>

#include "reports/html/page_frame.h"
#include "reports/html/page_parts.h"
#include "reports/html/sections.h"
#include "reports/markup/element.h"
#include "reports/text_width.h"

namespace glimpse::reports {
namespace {

struct Chapter {
  Id id;
  std::string_view title;
};

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
  header.add(make_scheme_switch());
  return header;
}

std::string metric_of(const PageContent& content) {
  return content.table ? content.table->plan.metric : content.parameters.outcome;
}

}  // namespace

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
  const std::string title = cut_to_width(escape_controls(content.overview.study), kLongestName);
  return render_document(title + ": report", render_header(content), main);
}

}  // namespace glimpse::reports
