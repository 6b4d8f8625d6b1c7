#pragma once

// Learning curves as a chart draws them: the mean over seeds where all of them got, its interval,
// and no more points than can be seen. Pure.

#include <optional>
#include <vector>

#include "reports/charts/line_chart.h"
#include "reports/html/page_content.h"

namespace glimpse::reports {

// More points than a narrow chart has pixels to show make files large and nothing clearer.
inline constexpr std::size_t kMostCurvePoints = 150;

struct MeanPoint {
  int epoch = 0;
  std::optional<double> hours = {};  // since the start, over the seeds
  Sample sample = {};
};

// Of the epochs that every seed has.
std::vector<MeanPoint> average(const Curve& curve);

// Every so many of them, and always the last one.
std::vector<std::size_t> thin_out(std::size_t count, std::size_t most);

enum class CurveAxis { kEpochs, kHours };
LineSeries make_series(const Curve& curve, CurveAxis axis);

bool has_times(const CurveContent& curves);

// The means as rows: some epochs of each panel, always the last one, and a column per curve.
TextTable curve_rows(const CurveContent& curves, std::size_t most_epochs);

}  // namespace glimpse::reports
