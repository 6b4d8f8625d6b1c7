#include "reports/reading/run_outcomes.h"

#include <string_view>

#include "reports/reading/rows.h"

namespace glimpse::reports {
namespace {

// One look-up per run: metrics are never scanned.
constexpr std::string_view kOutcomes =
    "select t.key, case when t.outcome in ('diverged', 'pruned') then t.outcome else t.state end,"
    " t.objective, t.best_epoch,"
    " case when t.outcome = 'completed' then coalesce("
    "  (select m.value from v_metrics m where m.run_id = t.run_id and m.name = :metric"
    "    and m.epoch = t.best_epoch),"
    "  (select m.value from v_metrics m where m.run_id = t.run_id and m.name = :metric"
    "    and m.epoch = t.last_epoch)) end"
    " from v_trials t";

}  // namespace

RunOutcomes read_run_outcomes(storage::Query& query, const std::string& metric) {
  RunOutcomes outcomes;
  for_each_row(query, kOutcomes, {{"metric", metric}}, [&](Cells cells) {
    outcomes.emplace(text_of(cells[0]),
                     RunOutcome{.state = text_of(cells[1]),
                                .objective = maybe_number(cells[2]),
                                .best_epoch = maybe_integer(cells[3]),
                                .value = maybe_number(cells[4])});
  });
  return outcomes;
}

}  // namespace glimpse::reports
