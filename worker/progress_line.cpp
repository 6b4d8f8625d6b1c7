#include "worker/progress_line.h"

#include "worker/format.h"

namespace glimpse::worker {
namespace {

double number(const experiments::NamedNumbers& numbers, const char* name) {
  const auto found = numbers.find(name);
  return found == numbers.end() ? 0 : found->second;
}

std::string fixed(double value, int digits) {
  return format("%.*f", digits, value);
}

std::string render_time(double seconds) {
  if (seconds < 60) {
    return fixed(seconds, 0) + " s";
  }
  return seconds < 3600 ? fixed(seconds / 60, 1) + " min" : fixed(seconds / 3600, 1) + " h";
}

}  // namespace

std::string render_epoch(const experiments::EpochRecord& record, int epochs) {
  std::string line = "epoch " + std::to_string(record.epoch) + "/" + std::to_string(epochs) +
                     "  loss " + fixed(number(record.metrics, "train_loss"), 4) + "  valid " +
                     fixed(number(record.metrics, "valid_error"), 2) + " %";
  if (!record.timings.empty()) {  // as they are when an epoch is told again from a checkpoint
    const double epoch_s =
        number(record.timings, "seconds_train") + number(record.timings, "seconds_evaluate");
    line += "  " + fixed(number(record.timings, "images_per_s"), 0) + " images/s  " +
            render_time(epoch_s * static_cast<double>(epochs - record.epoch)) + " to go";
  }
  return line;
}

std::string render_end(const experiments::RecordBody& last) {
  if (const auto* const finished = std::get_if<experiments::FinishedRecord>(&last)) {
    if (finished->outcome == experiments::Outcome::kDiverged) {
      return "diverged: the loss is no longer a number";
    }
    return "best epoch " + std::to_string(finished->best_epoch.value_or(0)) + "  test " +
           fixed(number(finished->metrics, "test_error"), 2) + " % of digits, " +
           fixed(number(finished->metrics, "test_sequence_error"), 2) + " % of sequences";
  }
  if (const auto* const stopped = std::get_if<experiments::StoppedRecord>(&last)) {
    return "stopped; the same command goes on from " +
           (stopped->file.empty() ? "the start" : stopped->file);
  }
  if (const auto* const failed = std::get_if<experiments::FailedRecord>(&last)) {
    return std::string(experiments::fault_row(failed->fault).name) + ": " + failed->message;
  }
  return "ended";
}

}  // namespace glimpse::worker
