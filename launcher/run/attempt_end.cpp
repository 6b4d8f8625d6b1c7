#include "launcher/run/attempt_end.h"

#include <algorithm>

#include "experiments/faults.h"
#include "experiments/log_patterns.h"

namespace glimpse::launcher {
namespace {

using experiments::FailedRecord;
using experiments::FaultClass;
using experiments::RecordBody;

constexpr int kKilled = 137;

bool is_failure(const MemberEnd& end) {
  return experiments::fault_of_exit(end.status).has_value();
}

std::string describe(const MemberEnd& end, int members) {
  const std::string who = members > 1 ? "member " + std::to_string(end.rank) : "the program";
  return end.status > 128 ? who + " was ended by signal " + std::to_string(end.status - 128)
                          : who + " ended with exit code " + std::to_string(end.status);
}

// What an exit status leaves open, the log may tell.
FaultClass classify(const MemberEnd& end,
                    const AttemptStory& story,
                    std::span<const std::string> last_lines,
                    std::span<const experiments::LogPattern> patterns) {
  const FaultClass fault = experiments::fault_of_exit(end.status).value_or(FaultClass::kExitCode);
  if (end.status == kKilled && story.ran_out_of_memory) {
    return FaultClass::kHostOom;
  }
  if (fault != FaultClass::kSignal && fault != FaultClass::kExitCode) {
    return fault;
  }
  return experiments::classify_log(last_lines, patterns).value_or(fault);
}

}  // namespace

bool is_last(const RecordBody& body) {
  return std::holds_alternative<experiments::FinishedRecord>(body) ||
         std::holds_alternative<experiments::StoppedRecord>(body) ||
         std::holds_alternative<experiments::PreemptedRecord>(body) ||
         std::holds_alternative<FailedRecord>(body);
}

FailedRecord add_last_lines(FailedRecord failed, std::span<const std::string> last_lines) {
  std::string text;
  for (const std::string& line : last_lines) {
    text += "\n  " + line;
  }
  if (!text.empty()) {
    failed.message += "; the last lines of worker.log:" + text;
  }
  // The end of the log matters more than its beginning.
  if (failed.message.size() > experiments::kMaxMessageBytes) {
    const std::size_t head = failed.message.find('\n');
    const std::size_t excess = failed.message.size() - experiments::kMaxMessageBytes;
    failed.message.erase(std::min(head, experiments::kMaxMessageBytes), excess);
  }
  return failed;
}

RecordBody decide_end(const AttemptStory& story,
                      std::span<const std::string> last_lines,
                      std::span<const experiments::LogPattern> patterns) {
  if (story.verdict) {
    return add_last_lines(*story.verdict, last_lines);
  }
  if (story.said && std::holds_alternative<FailedRecord>(*story.said)) {
    return add_last_lines(std::get<FailedRecord>(*story.said), last_lines);
  }
  const auto failed = std::ranges::find_if(story.ends, is_failure);
  if (failed != story.ends.end() && !story.was_asked_to_stop) {
    if (story.was_warned) {
      return experiments::PreemptedRecord{describe(*failed, story.members)};
    }
    return add_last_lines(
        {classify(*failed, story, last_lines, patterns), describe(*failed, story.members)},
        last_lines);
  }
  if (story.said && failed == story.ends.end()) {
    return *story.said;
  }
  const bool has_left =
      std::ranges::any_of(story.ends, [](const MemberEnd& end) { return end.status != 0; });
  if (story.was_asked_to_stop || story.was_warned || has_left) {
    return experiments::StoppedRecord{};
  }
  return experiments::FinishedRecord{};
}

}  // namespace glimpse::launcher
