#include "reports/reading/curve_reader.h"

#include <string_view>

#include "reports/reading/rows.h"

namespace glimpse::reports {
namespace {

constexpr std::string_view kCurve =
    "select m.epoch, m.value,"
    " (select min(e.time_ms) from v_epochs e where e.run_id = m.run_id and e.epoch = m.epoch)"
    " from v_metrics m where m.run_id = :run and m.name = :metric order by m.epoch";
constexpr std::string_view kStart = "select started_ms from v_trials where run_id = :run";

}  // namespace

CurveSeed read_curve(storage::Query& results, const WantedCurve& wanted) {
  CurveSeed line{.seed = wanted.seed};
  std::optional<std::int64_t> start;
  for_each_row(results, kStart, {{"run", wanted.run_id}}, [&](Cells cells) {
    start = maybe_integer(cells[0]);
  });
  const std::vector<storage::QueryParameter> curve = {{"run", wanted.run_id},
                                                      {"metric", wanted.metric}};
  for_each_row(results, kCurve, curve, [&](Cells cells) {
    const auto value = maybe_number(cells[1]);
    const auto time = maybe_integer(cells[2]);
    if (!value) {
      return;
    }
    line.epochs.push_back(static_cast<int>(integer_of(cells[0])));
    line.values.push_back(*value);
    if (start && time) {
      constexpr double kMilli = 1000;
      line.seconds.push_back(static_cast<double>(*time - *start) / kMilli);
    }
  });
  if (line.seconds.size() != line.epochs.size()) {
    line.seconds.clear();
  }
  if (wanted.best_epoch) {
    line.best_epoch = static_cast<int>(*wanted.best_epoch);
  }
  return line;
}

}  // namespace glimpse::reports
