#pragma once

// Learning curves as a chart draws them: the mean over seeds where all of them got, its interval,
// and no more points than can be seen. Pure.

#include <optional>
#include <string_view>
#include <vector>

#include "reports/charts/line_chart.h"
#include "reports/html/page_content.h"

namespace glimpse::reports {

// Of one curve, so that all of them together make no large page: at most as many as a narrow chart
// has pixels for, fewer where there are very many curves.
std::size_t points_per_curve(const CurveContent& curves);

struct MeanPoint {
  int epoch = 0;
  std::optional<double> seconds = {};  // since the start, over the seeds
  Sample sample = {};
};

// Of the epochs that every seed has.
std::vector<MeanPoint> average(const Curve& curve);

// Every so many of them, and always the last one.
std::vector<std::size_t> thin_out(std::size_t count, std::size_t most);

// What the axis below a curve counts: epochs, or time.
struct CurveAxis {
  std::string_view name = "epoch";
  double unit_s = 0;  // of time; 0: it counts epochs
};
inline constexpr CurveAxis kEpochAxis;
// In seconds, minutes or hours, as suits the longest run; nothing where nobody measured.
std::optional<CurveAxis> pick_time_axis(const CurveContent& curves);

LineSeries make_series(const Curve& curve, const CurveAxis& axis, std::size_t most_points);

// The means as rows: some epochs of each panel, always the last one, and a column per curve.
TextTable curve_rows(const CurveContent& curves, std::size_t most_epochs);

}  // namespace glimpse::reports
