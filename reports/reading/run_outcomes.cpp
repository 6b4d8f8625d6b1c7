#include "reports/reading/run_outcomes.h"

#include <array>
#include <string_view>

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

template <class T>
std::optional<T> read(const storage::Cell& cell) {
  const T* const held = std::get_if<T>(&cell);
  return held == nullptr ? std::nullopt : std::optional(*held);
}

class Sink : public storage::QuerySink {
 public:
  void columns(std::span<const std::string>) override {}
  void row(std::span<const storage::Cell> cells) override {
    outcomes_.emplace(std::get<std::string_view>(cells[0]),
                      RunOutcome{.state = std::string(std::get<std::string_view>(cells[1])),
                                 .objective = read<double>(cells[2]),
                                 .best_epoch = read<std::int64_t>(cells[3]),
                                 .value = read<double>(cells[4])});
  }
  RunOutcomes take() { return std::move(outcomes_); }

 private:
  RunOutcomes outcomes_;
};

}  // namespace

RunOutcomes read_run_outcomes(storage::Query& query, const std::string& metric) {
  const std::array<storage::QueryParameter, 1> parameters = {{{"metric", metric}}};
  Sink sink;
  query.run(kOutcomes, parameters, sink);
  return sink.take();
}

}  // namespace glimpse::reports
