#include "launcher/program.h"

#include <chrono>
#include <exception>
#include <sstream>

#include "experiments/faults.h"
#include "launcher/cli/command_line.h"
#include "launcher/env.h"
#include "launcher/exit_code.h"
#include "launcher/launch_plan.h"
#include "launcher/log/log.h"
#include "reports/text_width.h"

namespace glimpse::launcher {
namespace {

using experiments::ExitCode;

double monotonic_s() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(now).count();
}

std::int64_t wall_clock_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

Verbosity verbosity_of(const CommonOptions& common) {
  if (common.is_quiet) {
    return Verbosity::kQuiet;
  }
  return common.is_verbose ? Verbosity::kVerbose : Verbosity::kNormal;
}

// The line breaks are ours; whatever else could move a cursor came from outside.
void print_lines(std::ostream& err, const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    err << reports::escape_controls(line) << '\n';
  }
  err << std::flush;
}

int report(const std::exception& error, std::ostream& err) {
  return print_failure(explain(error), err);
}

int run(const Invocation& invocation,
        const ProgramInput& input,
        std::ostream& out,
        std::ostream& err) {
  const Settings settings = load_settings(invocation.common, input.environment);
  const auto has_colour = [&](bool is_terminal) {
    return use_colour(settings.colour.value, input.environment, is_terminal);
  };
  Log log(err, verbosity_of(invocation.common), has_colour(input.terminal.err_is_terminal));
  Env env{.out = out,
          .err = err,
          .log = log,
          .environment = input.environment,
          .settings = settings,
          .terminal = input.terminal,
          .has_colour = has_colour(input.terminal.out_is_terminal),
          .shows_progress = true,
          .program_dir = input.program_dir,
          .now_s = monotonic_s,
          .clock_ms = wall_clock_ms,
          .open_world = input.open_world};
  log.debug("results folder: " + settings.results.value + " (" + settings.results.origin + ")");
  try {
    const int code = invocation.run(env);
    // A full disk behind a redirection shows only now.
    if (!out.flush()) {
      log.error("write to stdout: failed");
      return static_cast<int>(ExitCode::kIoError);
    }
    return code;
  } catch (const std::exception& error) {
    return report(error, err);
  }
}

}  // namespace

int run_glimpse(const ProgramInput& input, std::ostream& out, std::ostream& err) {
  try {
    const CommandLine line = parse_command_line(input.arguments);
    if (line.invocation) {
      const LaunchVariables& launch = input.environment.launch;
      if (plan_launch(line.invocation->verb, launch, input.speaks_mpi) == LaunchPlan::kBecomeMpi) {
        become_mpi_program(input.program_dir, input.arguments, launch);
      }
      return run(*line.invocation, input, out, err);
    }
    if (!line.help.empty()) {
      out << line.help << std::flush;
      return static_cast<int>(out ? ExitCode::kDone : ExitCode::kIoError);
    }
    print_lines(err, line.complaint);
    return static_cast<int>(ExitCode::kUsage);
  } catch (const std::exception& error) {
    return report(error, err);
  }
}

}  // namespace glimpse::launcher
