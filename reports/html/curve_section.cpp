#include <algorithm>
#include <cstddef>

#include "reports/charts/line_chart.h"
#include "reports/charts/number_text.h"
#include "reports/html/curve_points.h"
#include "reports/html/page_parts.h"
#include "reports/html/sections.h"

namespace glimpse::reports {
namespace {

constexpr double kLeastHeight = 230;
constexpr double kHeightOfLabel = kTextSize + 2;
constexpr std::size_t kTableRows = 20;
// Beyond this ratio a straight axis shows the first epochs and nothing else.
constexpr double kLogRatio = 20;

// One of the drawings that the switches choose from; its name is a class of the style sheet.
struct View {
  std::string_view name;
  CurveAxis axis;
  ScaleKind kind = ScaleKind::kLinear;
};

std::vector<View> list_views(const std::optional<CurveAxis>& time) {
  std::vector<View> views = {{"linear epochs", kEpochAxis, ScaleKind::kLinear},
                             {"log epochs", kEpochAxis, ScaleKind::kLog}};
  if (time) {
    views.push_back({"linear time", *time, ScaleKind::kLinear});
    views.push_back({"log time", *time, ScaleKind::kLog});
  }
  return views;
}

// All panels share their axes.
struct Axes {
  Interval x;
  Interval linear_y;
  Interval log_y;
};

using Panels = std::vector<std::vector<LineSeries>>;

Panels make_panels(const CurveContent& curves, const CurveAxis& axis) {
  Panels panels;
  for (const CurvePanel& panel : curves.panels) {
    panels.emplace_back();
    for (const Curve& curve : panel.curves) {
      panels.back().push_back(make_series(curve, axis, points_per_curve(curves)));
    }
  }
  return panels;
}

void collect_points(const LineSeries& series, std::vector<double>& xs, std::vector<double>& ys) {
  for (const std::vector<Point>& single : series.singles) {
    for (const Point& point : single) {
      xs.push_back(point.x);
      ys.push_back(point.y);
    }
  }
}

Axes pick_axes(const Panels& panels) {
  std::vector<double> xs;
  std::vector<double> ys;
  for (const std::vector<LineSeries>& panel : panels) {
    for (const LineSeries& series : panel) {
      collect_points(series, xs, ys);
    }
  }
  Interval x = pick_domain(xs, ScaleKind::kLinear);
  x.low = std::max(x.low, 0.0);  // nothing happened before
  return {x, pick_domain(ys, ScaleKind::kLinear), pick_domain(ys, ScaleKind::kLog)};
}

bool is_log_better(const CurveContent& curves) {
  const Interval y = pick_axes(make_panels(curves, kEpochAxis)).log_y;
  return y.high / y.low > kLogRatio;
}

// Each curve has its name at its end.
double pick_height(const CurveContent& curves) {
  std::size_t most = 0;
  for (const CurvePanel& panel : curves.panels) {
    most = std::max(most, panel.curves.size());
  }
  return std::max(kLeastHeight, 60 + kHeightOfLabel * static_cast<double>(most));
}

Element draw_view(const CurveContent& curves, const View& view, std::size_t number) {
  Panels panels = make_panels(curves, view.axis);
  const Axes axes = pick_axes(panels);
  const bool is_log = view.kind == ScaleKind::kLog;
  Element row("div");
  row.set_class("panels " + std::string(view.name));
  for (std::size_t i = 0; i < panels.size(); ++i) {
    const LineChart chart{
        .text = {Id("curve", number).with(i),
                 curves.metric + " of " + curves.panels[i].title,
                 "Mean over seeds with its 95\xc2\xa0% interval, single seeds behind it, by " +
                     std::string(view.axis.name) + ", on a " + (is_log ? "logarithmic" : "linear") +
                     " axis."},
        .x_name = std::string(view.axis.name),
        .counts_x = view.axis.unit_s == 0,
        .y_name = curves.metric,
        .y_kind = view.kind,
        .x_domain = axes.x,
        .y_domain = is_log ? axes.log_y : axes.linear_y,
        .series = std::move(panels[i])};
    row.add(Element("div")
                .add(Element("h3").add(make_name(curves.panels[i].title)))
                .add(draw_line_chart(chart, kNarrow, pick_height(curves))));
  }
  return row;
}

// Switches that work without a script: the style sheet shows the view that they name.
void add_switch(Element& figure, TagName id, std::string_view label, bool is_on) {
  Element box("input");
  box.set("type", "checkbox").set_class(std::string(id.text())).set_id(Id(id));
  if (is_on) {
    box.set("checked");
  }
  figure.add(box).add(Element("label").set("for", id.text()).text(label));
}

std::vector<Element> table_row(const std::vector<std::vector<MeanPoint>>& means,
                               int epoch,
                               int decimals) {
  std::vector<Element> row = {Element("th")
                                  .set("scope", "row")
                                  .set("data-v", std::to_string(epoch))
                                  .text(std::to_string(epoch))};
  for (const std::vector<MeanPoint>& mean : means) {
    const auto point = std::ranges::find(mean, epoch, &MeanPoint::epoch);
    if (point == mean.end()) {
      row.push_back(number_cell("", std::nullopt));
      continue;
    }
    std::string text = render_fixed(point->sample.mean, decimals);
    if (const std::optional<Interval> interval = mean_interval(point->sample)) {
      text += " \xc2\xb1 " + render_fixed((interval->high - interval->low) / 2, decimals);
    }
    row.push_back(number_cell(text, point->sample.mean));
  }
  return row;
}

Element render_data(const CurvePanel& panel, const std::string& metric, std::size_t number) {
  std::vector<Column> columns = {{"epoch", true}};
  std::vector<std::vector<MeanPoint>> means;
  std::size_t longest = 0;
  std::vector<double> spreads;
  for (const Curve& curve : panel.curves) {
    columns.push_back({curve.label, true});
    means.push_back(average(curve));
    for (const MeanPoint& point : means.back()) {
      spreads.push_back(point.sample.sd);
    }
    longest = means.back().size() > means[longest].size() ? means.size() - 1 : longest;
  }
  DataTable table(
      Id("curvedata", number),
      panel.title + ": " + metric + ", mean over seeds \xc2\xb1 half of its 95\xc2\xa0% interval",
      columns);
  const int decimals = decimals_for_spreads(spreads, 2);
  if (!means.empty()) {
    for (const std::size_t i : thin_out(means[longest].size(), kTableRows)) {
      table.add(table_row(means, means[longest][i].epoch, decimals));
    }
  }
  return table.render();
}

}  // namespace

Element render_curves(const CurveContent& curves) {
  Element section = make_section("curves", "Learning curves");
  if (curves.panels.empty()) {
    return section.add(make_note("No epoch has been recorded."));
  }
  const std::optional<CurveAxis> time = pick_time_axis(curves);
  Element figure("figure");
  figure.set_class("curves");
  add_switch(figure, "tolog", "Logarithmic axis", is_log_better(curves));
  if (time) {
    add_switch(figure, "totime", "By time", false);
  }
  Element views("div");
  views.set_class("views");
  const std::vector<View> choices = list_views(time);
  for (std::size_t i = 0; i < choices.size(); ++i) {
    views.add(draw_view(curves, choices[i], i));
  }
  figure.add(views);
  figure.add(
      Element("figcaption")
          .text("Thick: the mean over seeds, as far as all of them got, with its 95\xc2\xa0% "
                "interval. Thin: single seeds; a dot is the epoch that validation chose."));
  Element data("details");
  data.add(Element("summary").text("Data"));
  for (std::size_t i = 0; i < curves.panels.size(); ++i) {
    data.add(render_data(curves.panels[i], curves.metric, i));
  }
  return section.add(figure.add(data));
}

}  // namespace glimpse::reports
