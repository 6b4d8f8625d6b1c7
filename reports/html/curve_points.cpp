#include "reports/html/curve_points.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>

namespace glimpse::reports {
namespace {

struct EpochValues {
  std::vector<double> values = {};
  std::vector<double> seconds = {};
};

void collect_seed(const CurveSeed& seed, std::map<int, EpochValues>& by_epoch) {
  const std::size_t count = std::min(seed.epochs.size(), seed.values.size());
  for (std::size_t i = 0; i < count; ++i) {
    if (!std::isfinite(seed.values[i])) {
      continue;
    }
    EpochValues& epoch = by_epoch[seed.epochs[i]];
    epoch.values.push_back(seed.values[i]);
    if (i < seed.seconds.size()) {
      epoch.seconds.push_back(seed.seconds[i]);
    }
  }
}

std::map<int, EpochValues> collect(const Curve& curve) {
  std::map<int, EpochValues> by_epoch;
  for (const CurveSeed& seed : curve.seeds) {
    collect_seed(seed, by_epoch);
  }
  return by_epoch;
}

std::optional<double> x_of(const CurveSeed& seed, std::size_t i, const CurveAxis& axis) {
  if (axis.unit_s == 0) {
    return seed.epochs[i];
  }
  return i < seed.seconds.size() ? std::optional(seed.seconds[i] / axis.unit_s) : std::nullopt;
}

std::optional<double> x_of(const MeanPoint& point, const CurveAxis& axis) {
  if (axis.unit_s == 0) {
    return point.epoch;
  }
  return point.seconds ? std::optional(*point.seconds / axis.unit_s) : std::nullopt;
}

void add_single(LineSeries& series,
                const CurveSeed& seed,
                const CurveAxis& axis,
                std::size_t most_points) {
  const std::size_t count = std::min(seed.epochs.size(), seed.values.size());
  std::vector<Point> points;
  for (const std::size_t i : thin_out(count, most_points)) {
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
      const bool is_timed = found.seconds.size() == found.values.size();
      points.push_back({epoch,
                        is_timed ? std::optional(summarize(found.seconds).mean) : std::nullopt,
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

std::size_t points_per_curve(const CurveContent& curves) {
  constexpr std::size_t kLeast = 15;
  constexpr std::size_t kMost = 150;
  constexpr std::size_t kOfAll = 20'000;  // about 200 kB in each drawing
  std::size_t count = 1;
  for (const CurvePanel& panel : curves.panels) {
    for (const Curve& curve : panel.curves) {
      count += curve.seeds.size();
    }
  }
  return std::clamp(kOfAll / count, kLeast, kMost);
}

LineSeries make_series(const Curve& curve, const CurveAxis& axis, std::size_t most_points) {
  LineSeries series{.label = curve.label};
  for (const CurveSeed& seed : curve.seeds) {
    add_single(series, seed, axis, most_points);
  }
  const std::vector<MeanPoint> mean = average(curve);
  for (const std::size_t i : thin_out(mean.size(), most_points)) {
    const MeanPoint& point = mean[i];
    if (const std::optional<double> x = x_of(point, axis)) {
      series.mean.push_back({*x, point.sample.mean});
      if (const std::optional<Interval> interval = mean_interval(point.sample)) {
        series.band.push_back({*x, interval->low, interval->high});
      }
    }
  }
  return series;
}

std::optional<CurveAxis> pick_time_axis(const CurveContent& curves) {
  double longest = 0;
  for (const CurvePanel& panel : curves.panels) {
    for (const Curve& curve : panel.curves) {
      for (const CurveSeed& seed : curve.seeds) {
        longest = std::max(longest, seed.seconds.empty() ? 0 : seed.seconds.back());
      }
    }
  }
  constexpr double kMinute = 60;
  constexpr double kHour = 3600;
  if (longest <= 0) {
    return std::nullopt;
  }
  return longest < 3 * kMinute ? CurveAxis{"seconds", 1}
         : longest < 3 * kHour ? CurveAxis{"minutes", kMinute}
                               : CurveAxis{"hours", kHour};
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
