#include "launcher/commands/check.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "experiments/faults.h"
#include "experiments/units.h"
#include "launcher/commands/run.h"
#include "launcher/load_report.h"
#include "launcher/output.h"
#include "launcher/usage_error.h"
#include "reports/seeds_to_run.h"
#include "reports/study_report.h"

namespace glimpse::launcher {
namespace {

using experiments::ExitCode;
using reports::ResultCell;
using reports::ResultTable;
using reports::StudyReport;
using reports::Verdict;

ExitCode exit_code(const ResultTable& results) {
  const auto has = [&](std::initializer_list<Verdict> verdicts) {
    return std::ranges::any_of(results.cells, [&](const ResultCell& cell) {
      return std::ranges::find(verdicts, cell.judgement.verdict) != verdicts.end();
    });
  };
  if (has({Verdict::kWorse})) {
    return ExitCode::kWorse;
  }
  return has({Verdict::kInconclusive, Verdict::kIncomplete, Verdict::kMissing})
             ? ExitCode::kInconclusive
             : ExitCode::kDone;
}

int print(const StudyReport& report, const CheckOptions& options, Env& env) {
  print_sections("check",
                 {{"cells", "", cell_rows(report)},
                  {"claims", "Claims", claim_rows(report)},
                  {"deviations", "Not the published protocol", deviation_rows(report)}},
                 options.output,
                 env);
  const std::size_t more = reports::most_seeds_wanted(report.assessed);
  env.log.info(
      report.results.study.name + ": " + count_verdicts(report.assessed) +
      (more == 0 ? "" : " (" + std::to_string(more) + " more seeds would decide: --run-missing)"));
  return static_cast<int>(exit_code(report.assessed));
}

// Nothing: as long as it takes.
std::optional<double> deadline_s(const CheckOptions& options, const Env& env) {
  if (options.budget.empty()) {
    return std::nullopt;
  }
  const auto seconds = experiments::parse_duration(options.budget);
  if (!seconds || *seconds <= 0) {
    throw UsageError("check: --budget " + options.budget + ": give a time such as 90m or 8h");
  }
  return env.now_s() + *seconds;
}

std::string render_seeds(const std::vector<std::uint64_t>& seeds) {
  std::string text;
  for (const std::uint64_t seed : seeds) {
    text += (text.empty() ? "seeds=" : ",") + std::to_string(seed);
  }
  return text;
}

struct Ran {
  LoadedStudy study;           // with the seeds it has in the end
  std::optional<int> cut_off;  // exit code of a run that was
};

// Runs what is missing, and then as many more seeds as the verdicts ask for, until nothing is left
// to ask for or the time is over.
Ran run_missing(const CheckOptions& options, Env& env) {
  const std::optional<double> deadline = deadline_s(options, env);
  std::vector<std::string> overrides;
  std::vector<std::uint64_t> tried;
  while (true) {
    LoadedStudy loaded = load_study(options.study, overrides, env.settings);
    const auto seeds =
        reports::seeds_to_run(loaded.study, load_report(loaded, env.settings).assessed);
    if (!seeds || *seeds == tried) {  // what has run and is still missing has failed
      return {std::move(loaded), std::nullopt};
    }
    RunOptions run;
    run.output = options.output;
    run.study = options.study;
    if (deadline) {
      const double left_s = std::ceil(*deadline - env.now_s());
      if (left_s <= 0) {
        env.log.warn("check: the budget is spent");
        return {std::move(loaded), std::nullopt};
      }
      run.until = experiments::render_duration(left_s);
    }
    if (*seeds != loaded.study.seeds) {
      overrides = {render_seeds(*seeds)};
      loaded = load_study(options.study, overrides, env.settings);
    }
    tried = *seeds;
    const RunEnd end = run_study(run, loaded, env);
    if (end.code != 0 && end.code != static_cast<int>(ExitCode::kTrialsFailed)) {
      return {std::move(loaded), end.code};
    }
  }
}

}  // namespace

int check(const CheckOptions& options, Env& env) {
  if (!options.runs_missing && !options.budget.empty()) {
    throw UsageError("check: --budget is for --run-missing");
  }
  if (!options.runs_missing) {
    return print(
        load_report(load_study(options.study, {}, env.settings), env.settings), options, env);
  }
  const Ran ran = run_missing(options, env);
  const int code = print(load_report(ran.study, env.settings), options, env);
  return ran.cut_off.value_or(code);
}

}  // namespace glimpse::launcher
