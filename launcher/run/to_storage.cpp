#include "launcher/run/to_storage.h"

#include "experiments/hash/sha256.h"
#include "experiments/value.h"

namespace glimpse::launcher {
namespace {

storage::Outcome to_storage(experiments::Outcome outcome) {
  switch (outcome) {
    case experiments::Outcome::kCompleted:
      return storage::Outcome::kCompleted;
    case experiments::Outcome::kDiverged:
      return storage::Outcome::kDiverged;
    case experiments::Outcome::kPruned:
      break;
  }
  return storage::Outcome::kPruned;
}

std::vector<storage::NamedValue> to_storage(const experiments::NamedNumbers& numbers) {
  std::vector<storage::NamedValue> values;
  values.reserve(numbers.size());
  for (const auto& [name, value] : numbers) {
    values.push_back({name, value});
  }
  return values;
}

struct Convert {
  storage::Record operator()(const experiments::HelloRecord& record) const {
    const std::string json = experiments::render_json(record.environment);
    return storage::HelloRecord{experiments::hex(experiments::sha256(json)), json};
  }
  storage::Record operator()(const experiments::StartedRecord& /*unused*/) const {
    return storage::StartedRecord{};
  }
  storage::Record operator()(const experiments::ProgressRecord& /*unused*/) const {
    return storage::ProgressRecord{};
  }
  storage::Record operator()(const experiments::EpochRecord& record) const {
    return storage::EpochRecord{
        record.epoch, to_storage(record.metrics), to_storage(record.timings), record.weights_hash};
  }
  storage::Record operator()(const experiments::CheckpointRecord& record) const {
    return storage::CheckpointRecord{
        record.file, record.step, record.epoch, record.bytes, record.xxh3};
  }
  storage::Record operator()(const experiments::FinishedRecord& record) const {
    return storage::FinishedRecord{
        to_storage(record.outcome), record.best_epoch, to_storage(record.metrics)};
  }
  storage::Record operator()(const experiments::StoppedRecord& /*unused*/) const {
    return storage::StoppedRecord{};
  }
  storage::Record operator()(const experiments::PreemptedRecord& record) const {
    return storage::PreemptedRecord{record.message};
  }
  storage::Record operator()(const experiments::FailedRecord& record) const {
    return storage::FailedRecord{std::string(experiments::fault_row(record.fault).name),
                                 record.message};
  }
};

}  // namespace

storage::Record to_storage(const experiments::RecordBody& body) {
  return std::visit(Convert{}, body);
}

}  // namespace glimpse::launcher
