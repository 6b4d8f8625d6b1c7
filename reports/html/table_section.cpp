#include <algorithm>
#include <cstddef>
#include <map>

#include "reports/charts/number_text.h"
#include "reports/html/page_parts.h"
#include "reports/html/run_links.h"
#include "reports/html/sections.h"
#include "reports/html/table_figures.h"

namespace glimpse::reports {
namespace {

class PaperMarkup {
 public:
  explicit PaperMarkup(const TableContent& table)
      : table_(table), paper_(table.paper), usual_n_(find_usual_n()) {}

  [[nodiscard]] Element render() const {
    Element table("table");
    const Id caption = Id("paper").with(0);
    table.set_class("paper").add(make_caption(caption, describe()));
    table.add(render_heads());
    Element body("tbody");
    for (const PaperRow& row : paper_.rows) {
      body.add(render_row(row));
    }
    return Element("div")
        .set_class("scroll")
        .set("tabindex", "0")
        .set("role", "region")
        .set("aria-labelledby", caption.text())
        .add(table.add(body));
  }

  [[nodiscard]] std::string footnote() const {
    std::string text = "Each cell is the mean over seeds \xc2\xb1 half of its 95\xc2\xa0% interval";
    text += ", n = " + std::to_string(usual_n_) +
            " where nothing else is said; in grey the published figure. ";
    text += std::ranges::any_of(table_.results.cells, &ResultCell::is_best)
                ? "Bold is surely the best of its row, by paired t tests after Holm\xe2\x80\x99s "
                  "correction over all pairs within rows."
                : "Nothing is bold, since no cell is surely the best of its row.";
    return text;
  }

 private:
  [[nodiscard]] std::size_t find_usual_n() const {
    std::map<std::size_t, std::size_t> counts;
    for (const ResultCell& cell : table_.results.cells) {
      ++counts[cell.sample.n];
    }
    const auto most = std::ranges::max_element(
        counts, std::less(), [](const auto& count) { return count.second; });
    return most == counts.end() ? 0 : most->first;
  }

  [[nodiscard]] std::string describe() const {
    return paper_.metric + (table_.unit.empty() ? "" : " in " + table_.unit) + " by " +
           paper_.row_name + (paper_.column_name.empty() ? "" : " and " + paper_.column_name);
  }

  // What the columns say stands over them once, as papers do it.
  [[nodiscard]] Element render_heads() const {
    Element head("thead");
    const bool has_columns = !paper_.columns.front().empty();
    Element names("tr");
    Element rows("th");
    rows.set("scope", "col").set("rowspan", has_columns ? "2" : "1");
    names.add(rows.add(make_name(paper_.row_name)));
    names.add(Element("th")
                  .set("scope", has_columns ? "colgroup" : "col")
                  .set("colspan", std::to_string(count_columns()))
                  .add(make_name(has_columns ? paper_.column_name : paper_.metric)));
    head.add(names);
    Element values("tr");
    for (const std::string& column : paper_.columns) {
      values.add(Element("th").set("scope", "col").add(make_name(column)));
    }
    return has_columns ? head.add(values) : head;
  }

  [[nodiscard]] std::size_t count_columns() const { return paper_.columns.size(); }

  [[nodiscard]] Element render_row(const PaperRow& row) const {
    Element line("tr");
    line.add(row_heading(row.label));
    if (row.across) {
      // What the columns say has no meaning for it.
      return line.add(render_cell(*row.across).set("colspan", std::to_string(count_columns())));
    }
    for (const std::optional<std::size_t>& cell : row.cells) {
      line.add(cell ? render_cell(*cell) : Element("td"));
    }
    return line;
  }

  [[nodiscard]] Element render_cell(std::size_t number) const {
    const ResultCell& cell = table_.results.cells[number];
    Element field("td");
    field.add(Element("a").link_to(cell_id(number)).add(render_mean(cell)));
    if (cell.published) {
      field.add(
          Element("span")
              .set_class("published")
              .text("paper " + render_fixed(*cell.published, published_decimals(table_.plan))));
    }
    if (cell.sample.n != usual_n_) {
      field.add(
          Element("span").set_class("published").text("n = " + std::to_string(cell.sample.n)));
    }
    if (cell.published) {
      field.add(verdict_mark(cell.judgement.verdict));
    }
    return field;
  }

  [[nodiscard]] Element render_mean(const ResultCell& cell) const {
    Element value(cell.is_best ? TagName("strong") : TagName("span"));
    value.set_class("mean");
    if (const std::optional<std::string> mean = mean_text(cell, paper_.decimals)) {
      value.text(*mean);
    } else {
      return value.text("no mean");
    }
    if (const std::optional<double> half = half_width(cell)) {
      value.add(Element("span").set_class("half").text(" \xc2\xb1 " +
                                                       render_fixed(*half, paper_.decimals)));
    } else {
      value.add(Element("span").set_class("half").text(" (no interval)"));
    }
    return value;
  }

  const TableContent& table_;
  const PaperTable& paper_;
  std::size_t usual_n_;
};

// What selection chose; the rest is the cell's place.
std::string render_choice(const CellRuns& runs) {
  std::string text;
  for (const auto& [name, value] : runs.configuration) {
    if (!runs.place.contains(name)) {
      text += (text.empty() ? "" : ", ") + name + ' ' + experiments::render_plain(value);
    }
  }
  return text;
}

// Then nobody needs to be told which value is whose.
bool counts_from_one(const ResultTable& results) {
  return std::ranges::all_of(results.cells, [](const ResultCell& cell) {
    std::uint64_t next = 1;
    return std::ranges::all_of(cell.runs.seeds,
                               [&](const SeedResult& seed) { return seed.seed == next++; });
  });
}

// "1.52, 1.44, diverged", or "3: 1.52, 7: 1.44".
std::string render_seeds(const CellRuns& runs, int decimals, bool has_plain_seeds) {
  std::string text;
  for (const SeedResult& seed : runs.seeds) {
    text += text.empty() ? "" : ", ";
    text += has_plain_seeds ? "" : std::to_string(seed.seed) + ":\xc2\xa0";
    text += seed.value ? render_fixed(*seed.value, decimals) : seed.state;
  }
  return text;
}

Element pictures_cell(std::size_t cell, const RunLinks& links) {
  const bool has_pictures = links.cells_with_pictures.contains(cell);
  return has_pictures ? Element("td").add(Element("a").link_to(pictures_id(cell)).text("pictures"))
                      : text_cell("\xe2\x80\x93");
}

DataTable list_cells(const TableContent& table, const RunLinks& links) {
  const bool has_plain_seeds = counts_from_one(table.results);
  DataTable list(Id("cells"),
                 "Every seed, and what validation chose for the cell" +
                     std::string(has_plain_seeds ? "; values by seed, from 1 on" : ""),
                 {{"cell"},
                  {"n", true},
                  {"mean", true},
                  {"95\xc2\xa0% interval", true},
                  {"min", true},
                  {"median", true},
                  {"max", true},
                  {"chosen"},
                  {"seeds"},
                  {"seen"}});
  const int decimals = table.paper.decimals;
  for (std::size_t i = 0; i < table.results.cells.size(); ++i) {
    const ResultCell& cell = table.results.cells[i];
    const auto known = [&](double value) {
      return cell.sample.n > 0 ? std::optional(value) : std::nullopt;
    };
    Element row("tr");
    row.set_id(cell_id(i));
    list.add(row,
             {row_heading(describe_place(table.plan, cell.runs.place)),
              count_cell(cell.sample.n),
              fixed_cell(cell.is_complete ? known(cell.sample.mean) : std::nullopt, decimals),
              interval_cell(cell.interval, decimals),
              fixed_cell(known(cell.sample.min), decimals),
              fixed_cell(known(cell.sample.median), decimals),
              fixed_cell(known(cell.sample.max), decimals),
              text_cell(render_choice(cell.runs)).set_class("words"),
              text_cell(render_seeds(cell.runs, decimals, has_plain_seeds)).set_class("list"),
              pictures_cell(i, links)});
  }
  return list;
}

DataTable list_claims(const TableContent& table) {
  DataTable list(Id("claims"),
                 "Claimed orderings, tested on shared seeds (paired t)",
                 {{"lower"},
                  {"higher"},
                  {"answer"},
                  {"difference", true},
                  {"95\xc2\xa0% interval", true},
                  {"p", true},
                  {"p by Holm", true},
                  {"claim"}});
  const int decimals = table.paper.decimals;
  const auto place = [&](std::size_t cell) {
    return describe_place(table.plan, table.results.cells[cell].runs.place);
  };
  const auto p_cell = [](const std::optional<double>& p) {
    return number_cell(!p ? "" : *p < 0.0001 ? "< 0.0001" : render_fixed(*p, 4), p);
  };
  for (const ResultClaim& claim : table.results.claims) {
    for (const ClaimedOrder& order : claim.orders) {
      const bool is_known = order.comparison.n > 0;
      list.add({row_heading(place(order.below)),
                name_cell(place(order.above)),
                Element("td").add(answer_mark(claim.answer)),
                fixed_cell(is_known ? std::optional(order.comparison.difference) : std::nullopt,
                           decimals),
                interval_cell(order.comparison.interval, decimals),
                p_cell(order.comparison.p),
                p_cell(order.adjusted_p),
                text_cell(claim.orders.size() > 1 ? claim.text : "below").set_class("words")});
    }
  }
  return list;
}

}  // namespace

Element render_table(const TableContent& table, const RunLinks& links) {
  Element section = make_section("table", "The table");
  const PaperMarkup paper(table);
  section.add(paper.render()).add(make_note(paper.footnote()));
  if (!table.results.claims.empty()) {
    section.add(Element("h3").text("Claims")).add(list_claims(table).render());
  }
  section.add(Element("h3").text("Every cell")).add(list_cells(table, links).render());
  return section;
}

}  // namespace glimpse::reports
