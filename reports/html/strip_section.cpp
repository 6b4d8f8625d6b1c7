#include "reports/charts/number_text.h"
#include "reports/charts/strip_chart.h"
#include "reports/html/page_parts.h"
#include "reports/html/sections.h"

namespace glimpse::reports {
namespace {

StripChart make_chart(const std::vector<StripContent>& strips,
                      const std::string& metric,
                      std::size_t number) {
  StripChart chart{.text = {Id("strip", number),
                            metric + " of each seed",
                            "A row per configuration: a dot per seed, a bar at the mean with its "
                            "95\xc2\xa0% interval, a diamond at the published figure."},
                   .name = metric};
  chart.rows.reserve(strips.size());
  for (const StripContent& strip : strips) {
    chart.rows.push_back(
        {strip.label, strip.values, strip.mean, strip.interval, strip.published, strip.note});
  }
  return chart;
}

int decimals_of(const std::vector<StripContent>& strips) {
  std::vector<double> spreads;
  spreads.reserve(strips.size());
  for (const StripContent& strip : strips) {
    spreads.push_back(strip.interval ? (strip.interval->high - strip.interval->low) / 2 : 0);
  }
  return decimals_for_spreads(spreads, 2);
}

std::string join(const std::vector<double>& values, int decimals) {
  std::string text;
  for (const double value : values) {
    text += (text.empty() ? "" : ", ") + render_fixed(value, decimals);
  }
  return text;
}

DataTable list_strips(const std::vector<StripContent>& strips, const std::string& metric) {
  DataTable table(Id("strips"),
                  metric + " of each seed",
                  {{"configuration"},
                   {"n", true},
                   {"mean", true},
                   {"95\xc2\xa0% interval", true},
                   {"published", true},
                   {"seeds"},
                   {"missing"}});
  const int decimals = decimals_of(strips);
  for (const StripContent& strip : strips) {
    table.add({row_heading(strip.label),
               count_cell(strip.values.size()),
               fixed_cell(strip.mean, decimals),
               interval_cell(strip.interval, decimals),
               fixed_cell(strip.published, decimals),
               text_cell(join(strip.values, decimals)),
               text_cell(strip.note)});
  }
  return table;
}

}  // namespace

Element render_strips(const std::vector<StripContent>& all, const std::string& metric) {
  Element section = make_section("seeds", "Spread over seeds");
  if (all.empty()) {
    return section.add(make_note("No configuration has a result yet."));
  }
  const std::vector<StripContent> strips = keep_first(all);
  note_missing_rows(section, all.size());
  const Drawings drawings{draw_strip_chart(make_chart(strips, metric, 0), kWide),
                          draw_strip_chart(make_chart(strips, metric, 1), kNarrow)};
  return section.add(make_figure(drawings,
                                 "A dot per seed; the bar is the mean, the shade its 95\xc2\xa0% "
                                 "interval, the diamond the published "
                                 "figure, which is one run.",
                                 list_strips(strips, metric)));
}

}  // namespace glimpse::reports
