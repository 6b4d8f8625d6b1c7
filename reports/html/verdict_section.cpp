#include <algorithm>
#include <array>
#include <cstddef>

#include "reports/charts/number_text.h"
#include "reports/html/page_parts.h"
#include "reports/html/sections.h"
#include "reports/html/table_figures.h"

namespace glimpse::reports {
namespace {

// In the order in which a reader asks for them.
constexpr std::array kOrder = {Verdict::kReproduced,
                               Verdict::kConsistent,
                               Verdict::kBetter,
                               Verdict::kWorse,
                               Verdict::kInconclusive,
                               Verdict::kIncomplete,
                               Verdict::kMissing,
                               Verdict::kNotComparable};

std::size_t count_verdicts(const ResultTable& results, Verdict verdict) {
  return static_cast<std::size_t>(std::ranges::count_if(results.cells, [&](const ResultCell& c) {
    return c.published && c.judgement.verdict == verdict;
  }));
}

std::size_t count_judged(const ResultTable& results) {
  return static_cast<std::size_t>(std::ranges::count_if(
      results.cells, [](const ResultCell& cell) { return cell.published.has_value(); }));
}

std::string plural(std::size_t count, std::string_view noun) {
  return std::to_string(count) + ' ' + std::string(noun) + (count == 1 ? "" : "s");
}

// "Of 9 published figures: 6 reproduced, 2 consistent, 1 worse."
std::string headline(const ResultTable& results) {
  if (!results.deviations.empty()) {
    return "Not comparable with the published figures";
  }
  const std::size_t judged = count_judged(results);
  if (judged == 0) {
    return "There is no published figure to compare with";
  }
  std::string text;
  for (const Verdict verdict : kOrder) {
    if (const std::size_t count = count_verdicts(results, verdict); count > 0) {
      text += (text.empty() ? "" : ", ") + std::to_string(count) + "\xc2\xa0" +
              std::string(name_of(verdict));
    }
  }
  return "Of " + plural(judged, "published figure") + ": " + text;
}

std::string_view tone_of(const ResultTable& results) {
  if (count_verdicts(results, Verdict::kWorse) > 0) {
    return "bad";
  }
  const std::size_t good = count_verdicts(results, Verdict::kReproduced) +
                           count_verdicts(results, Verdict::kConsistent) +
                           count_verdicts(results, Verdict::kBetter);
  return good > 0 && good == count_judged(results) ? "good" : "open";
}

std::string claims_sentence(const ResultTable& results) {
  const auto holding =
      std::ranges::count(results.claims, ClaimAnswer::kHolds, &ResultClaim::answer);
  return "Claimed orderings that hold at the 5\xc2\xa0% level: " + std::to_string(holding) +
         " of " + std::to_string(results.claims.size()) + '.';
}

Element render_facts(const std::vector<Fact>& facts) {
  Element list("dl");
  list.set_class("facts");
  for (const Fact& fact : facts) {
    list.add(Element("div")
                 .add(Element("dt").text(fact.name))
                 .add(Element("dd").add(make_name(fact.value))));
  }
  return list;
}

Element judgement_cell(const Judgement& judgement) {
  Element cell("td");
  cell.add(verdict_mark(judgement.verdict));
  if (judgement.more_seeds) {
    cell.add(
        Element("span").set_class("aside").text(", " + plural(*judgement.more_seeds, "more seed")));
  }
  return cell;
}

std::vector<Element> verdict_line(const TableContent& table, std::size_t number, int decimals) {
  const ResultCell& cell = table.results.cells[number];
  const bool is_inside = cell.interval && cell.interval->contains(*cell.published);
  const std::string_view where = !cell.interval ? "no interval" : is_inside ? "inside" : "outside";
  Element place("th");
  place.set("scope", "row")
      .add(Element("a")
               .link_to(cell_id(number))
               .add(make_name(describe_place(table.plan, cell.runs.place))));
  return {place,
          fixed_cell(cell.published, published_decimals(table.plan)),
          fixed_cell(cell.is_complete ? std::optional(cell.sample.mean) : std::nullopt, decimals),
          judgement_cell(cell.judgement),
          fixed_cell(difference(cell), decimals),
          interval_cell(cell.interval, decimals),
          text_cell(where)};
}

Element render_lines(const TableContent& table) {
  DataTable lines(Id("verdicts"),
                  table.plan.metric + ", ours beside the paper's" +
                      (table.unit.empty() ? "" : ", in " + table.unit),
                  {{"cell"},
                   {"paper", true},
                   {"ours", true},
                   {"verdict"},
                   {"difference", true},
                   {"95\xc2\xa0% interval", true},
                   {"paper is"}});
  const int decimals = table.paper.decimals;
  for (std::size_t i = 0; i < table.results.cells.size(); ++i) {
    if (table.results.cells[i].published) {
      lines.add(verdict_line(table, i, decimals));
    }
  }
  return lines.render();
}

Element render_deviations(const std::vector<std::string>& deviations) {
  Element list("ul");
  for (const std::string& deviation : deviations) {
    list.add(Element("li").text(deviation));
  }
  return list;
}

}  // namespace

Element render_verdict(const PageContent& content) {
  const ResultTable nothing;
  const ResultTable& results = content.table ? content.table->results : nothing;
  Element section = make_section("verdict", "Verdict");
  Element box("div");
  box.set_class("verdict " + std::string(tone_of(results)));
  box.add(Element("p").set_class("headline").text(headline(results)));
  if (!results.claims.empty()) {
    box.add(make_paragraph(claims_sentence(results)));
  }
  if (!results.deviations.empty()) {
    box.add(make_paragraph("The study differs from the published protocol:"));
    box.add(render_deviations(results.deviations));
  }
  box.add(render_facts(content.overview.facts));
  section.add(box);
  if (count_judged(results) > 0) {
    section.add(render_lines(*content.table));
    section.add(make_note(
        "Reproduced: our mean lies surely within " + render_short(content.table->plan.margin) +
        " of the published figure. Consistent: the figure could be one more run of ours. Worse or "
        "better: our whole interval lies beyond that margin. Intervals are of the mean over seeds, "
        "by Student\xe2\x80\x99s t; below three seeds there is none."));
  }
  return section;
}

}  // namespace glimpse::reports
