#include "launcher/exit_code.h"

#include <algorithm>
#include <new>
#include <system_error>

#include "experiments/study_error.h"
#include "launcher/interruption.h"
#include "launcher/transport/launch_error.h"
#include "launcher/usage_error.h"
#include "reports/text_width.h"
#include "storage/storage_error.h"
#include "worker/exit_code.h"

namespace glimpse::launcher {
namespace {

using experiments::ExitCode;
using experiments::Issue;
using experiments::StudyError;
using storage::StorageError;

Failure explain_study(const StudyError& error) {
  Failure failure{.code = ExitCode::kBadConfig, .lines = {}, .has_places = true};
  const std::string command_line = "command line";
  const auto is_typed = [&](const Issue& issue) {
    return (issue.source.empty() ? error.source() : issue.source) == command_line;
  };
  if (std::all_of(error.issues().begin(), error.issues().end(), is_typed)) {
    failure.code = ExitCode::kUsage;
    failure.has_places = false;
  }
  for (const Issue& issue : error.issues()) {
    failure.lines.push_back(render_issue(error.source(), issue));
  }
  if (failure.code == ExitCode::kUsage) {
    failure.lines.back() += " (KEY=VALUE sets a value, KEY=A,B sweeps; ranges stand in a study)";
  }
  return failure;
}

}  // namespace

Failure explain(const std::exception& error) {
  if (const auto* const study = dynamic_cast<const StudyError*>(&error)) {
    return explain_study(*study);
  }
  if (dynamic_cast<const UsageError*>(&error) != nullptr) {
    return {ExitCode::kUsage, {error.what()}, false};
  }
  if (const auto* const stored = dynamic_cast<const StorageError*>(&error)) {
    return {worker::exit_code_of(stored->fault()), {stored->what()}, false};
  }
  if (const auto* const launch = dynamic_cast<const LaunchError*>(&error)) {
    return {launch->code(), {launch->what()}, false};
  }
  if (dynamic_cast<const Interrupted*>(&error) != nullptr) {
    return {ExitCode::kInterrupted, {error.what()}, false};
  }
  if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) {
    return {ExitCode::kHostOom, {"out of memory"}, false};
  }
  if (dynamic_cast<const std::system_error*>(&error) != nullptr) {
    return {ExitCode::kIoError, {error.what()}, false};
  }
  return {ExitCode::kFailure, {error.what()}, false};
}

int print_failure(const Failure& failure, std::ostream& err) {
  for (const std::string& line : failure.lines) {
    // Editors jump to "file:line:column:", so nothing may stand before it.
    err << (failure.has_places ? "" : "glimpse: error: ") << reports::escape_controls(line) << '\n';
  }
  err << std::flush;
  return static_cast<int>(failure.code);
}

}  // namespace glimpse::launcher
