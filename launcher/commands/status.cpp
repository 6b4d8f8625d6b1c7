#include "launcher/commands/status.h"

#include "launcher/output.h"
#include "launcher/results.h"
#include "launcher/study_source.h"
#include "storage/sqlite/query.h"

namespace glimpse::launcher {
namespace {

constexpr std::string_view kCounts =
    "select study, count(*) as trials,"
    " coalesce(sum(state = 'pending'), 0) as pending,"
    " coalesce(sum(state = 'running'), 0) as running,"
    " coalesce(sum(state = 'done'), 0) as done,"
    " coalesce(sum(outcome = 'diverged'), 0) as diverged,"
    " coalesce(sum(state = 'failed'), 0) as failed,"
    " coalesce(sum(state = 'cancelled'), 0) as cancelled"
    " from v_plan where :study is null or study = :study group by study order by study";

constexpr std::string_view kFailures =
    "select p.study, f.class, count(*) as attempts, count(distinct f.run_id) as runs,"
    " max(f.ended) as latest, max(f.message) as example"
    " from v_failures f join v_plan p on p.run_id = f.run_id"
    " where :study is null or p.study = :study group by p.study, f.class order by attempts desc";

}  // namespace

int status(const StatusOptions& options, Env& env) {
  storage::Query results = open_results(env.settings);
  storage::QueryParameter study{.name = "study", .value = std::monostate()};
  if (!options.study.empty()) {
    study.value = stored_study_name(options.study, env.settings);
  }
  print_sections(
      "status",
      {{"studies", "", query_table(results, kCounts, {study})},
       {"failures", "Failed attempts by class", query_table(results, kFailures, {study})}},
      options.output,
      env);
  return 0;
}

}  // namespace glimpse::launcher
