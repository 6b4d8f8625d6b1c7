#include "tests/integration/journal_line.h"

#include <stdexcept>
#include <vector>

#include "experiments/json/record_json.h"

namespace glimpse::tests {
namespace {

experiments::NamedNumbers to_numbers(const std::vector<storage::NamedValue>& values) {
  experiments::NamedNumbers numbers;
  for (const storage::NamedValue& value : values) {
    numbers[value.name] = value.value;
  }
  return numbers;
}

struct Convert {
  experiments::RecordBody operator()(const storage::HelloRecord& /*unused*/) const {
    throw std::logic_error("a test's journal has no line for this record");
  }
  experiments::RecordBody operator()(const storage::StartedRecord& /*unused*/) const {
    return experiments::StartedRecord{};
  }
  experiments::RecordBody operator()(const storage::ProgressRecord& /*unused*/) const {
    return experiments::ProgressRecord{.phase = "train"};
  }
  experiments::RecordBody operator()(const storage::EpochRecord& record) const {
    return experiments::EpochRecord{.epoch = record.epoch,
                                    .metrics = to_numbers(record.metrics),
                                    .timings = to_numbers(record.timings),
                                    .weights_hash = record.weights_hash};
  }
  experiments::RecordBody operator()(const storage::CheckpointRecord& record) const {
    return experiments::CheckpointRecord{
        record.file, record.step, record.epoch, record.bytes, record.xxh3};
  }
  experiments::RecordBody operator()(const storage::FinishedRecord& record) const {
    return experiments::FinishedRecord{.outcome = static_cast<experiments::Outcome>(record.outcome),
                                       .best_epoch = record.best_epoch,
                                       .metrics = to_numbers(record.metrics)};
  }
  experiments::RecordBody operator()(const storage::StoppedRecord& /*unused*/) const {
    return experiments::StoppedRecord{};
  }
  experiments::RecordBody operator()(const storage::PreemptedRecord& record) const {
    return experiments::PreemptedRecord{record.message};
  }
  experiments::RecordBody operator()(const storage::FailedRecord& record) const {
    return experiments::FailedRecord{.fault = experiments::find_fault(record.fault_class)->fault,
                                     .message = record.message};
  }
};

}  // namespace

std::string journal_line(const std::string& run_id,
                         std::int64_t attempt,
                         const storage::Record& record) {
  return experiments::render_record({{run_id, attempt}, std::visit(Convert{}, record)});
}

}  // namespace glimpse::tests
