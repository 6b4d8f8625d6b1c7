#include "reports/html/curve_points.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>

namespace glimpse::reports {
namespace {

constexpr double kSecondsPerHour = 3600;

struct EpochValues {
  std::vector<double> values = {};
  std::vector<double> hours = {};
};

std::map<int, EpochValues> collect(const Curve& curve) {
  std::map<int, EpochValues> by_epoch;
  for (const CurveSeed& seed : curve.seeds) {
    const std::size_t count = std::min(seed.epochs.size(), seed.values.size());
    for (std::size_t i = 0; i < count; ++i) {
      if (std::isfinite(seed.values[i])) {
        EpochValues& epoch = by_epoch[seed.epochs[i]];
        epoch.values.push_back(seed.values[i]);
        if (i < seed.seconds.size()) {
          epoch.hours.push_back(seed.seconds[i] / kSecondsPerHour);
        }
      }
    }
  }
  return by_epoch;
}

std::optional<double> x_of(const CurveSeed& seed, std::size_t i, CurveAxis axis) {
  if (axis == CurveAxis::kEpochs) {
    return seed.epochs[i];
  }
  return i < seed.seconds.size() ? std::optional(seed.seconds[i] / kSecondsPerHour) : std::nullopt;
}

void add_single(LineSeries& series, const CurveSeed& seed, CurveAxis axis) {
  const std::size_t count = std::min(seed.epochs.size(), seed.values.size());
  std::vector<Point> points;
  for (const std::size_t i : thin_out(count, kMostCurvePoints)) {
    if (const std::optional<double> x = x_of(seed, i, axis)) {
      points.push_back({*x, seed.values[i]});
    }
  }
  for (std::size_t i = 0; i < count; ++i) {
    const std::optional<double> x = x_of(seed, i, axis);
    if (x && seed.best_epoch == seed.epochs[i]) {
      series.dots.push_back({*x, seed.values[i]});
    }
  }
  series.singles.push_back(std::move(points));
}

}  // namespace

std::vector<MeanPoint> average(const Curve& curve) {
  std::vector<MeanPoint> points;
  for (const auto& [epoch, found] : collect(curve)) {
    if (found.values.size() == curve.seeds.size()) {
      const bool is_timed = found.hours.size() == found.values.size();
      points.push_back({epoch,
                        is_timed ? std::optional(summarize(found.hours).mean) : std::nullopt,
                        summarize(found.values)});
    }
  }
  return points;
}

std::vector<std::size_t> thin_out(std::size_t count, std::size_t most) {
  std::vector<std::size_t> kept;
  const std::size_t stride = std::max<std::size_t>(1, (count + most - 1) / most);
  for (std::size_t i = 0; i < count; i += stride) {
    kept.push_back(i);
  }
  if (count > 0 && kept.back() != count - 1) {
    kept.push_back(count - 1);
  }
  return kept;
}

LineSeries make_series(const Curve& curve, CurveAxis axis) {
  LineSeries series{.label = curve.label};
  for (const CurveSeed& seed : curve.seeds) {
    add_single(series, seed, axis);
  }
  const std::vector<MeanPoint> mean = average(curve);
  for (const std::size_t i : thin_out(mean.size(), kMostCurvePoints)) {
    const MeanPoint& point = mean[i];
    const std::optional<double> x =
        axis == CurveAxis::kEpochs ? std::optional<double>(point.epoch) : point.hours;
    if (x) {
      series.mean.push_back({*x, point.sample.mean});
      if (const std::optional<Interval> interval = mean_interval(point.sample)) {
        series.band.push_back({*x, interval->low, interval->high});
      }
    }
  }
  return series;
}

bool has_times(const CurveContent& curves) {
  return std::ranges::any_of(curves.panels, [](const CurvePanel& panel) {
    return std::ranges::any_of(panel.curves, [](const Curve& curve) {
      return std::ranges::any_of(curve.seeds,
                                 [](const CurveSeed& seed) { return !seed.seconds.empty(); });
    });
  });
}

TextTable curve_rows(const CurveContent& curves, std::size_t most_epochs) {
  TextTable table{.columns = {"curves", "epoch"}, .rows = {}};
  std::map<std::string, std::size_t> columns;
  for (const CurvePanel& panel : curves.panels) {
    for (const Curve& curve : panel.curves) {
      if (columns.emplace(curve.label, table.columns.size()).second) {
        table.columns.push_back(curve.label);
      }
    }
  }
  for (const CurvePanel& panel : curves.panels) {
    std::map<int, Row> rows;
    for (const Curve& curve : panel.curves) {
      for (const MeanPoint& point : average(curve)) {
        Row& row = rows.try_emplace(point.epoch, table.columns.size()).first->second;
        row[0] = panel.title;
        row[1] = static_cast<std::int64_t>(point.epoch);
        row[columns.at(curve.label)] = point.sample.mean;
      }
    }
    const std::vector<std::size_t> shown = thin_out(rows.size(), most_epochs);
    for (const std::size_t i : shown) {
      table.rows.push_back(std::next(rows.begin(), static_cast<std::ptrdiff_t>(i))->second);
    }
  }
  return table;
}

}  // namespace glimpse::reports
