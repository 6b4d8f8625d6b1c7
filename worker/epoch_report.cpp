#include "worker/epoch_report.h"

#include <cstring>
#include <span>
#include <stdexcept>

namespace glimpse::worker {
namespace {

using storage::TensorType;
using storage::TensorView;

const std::string kPrefix = "epochs.";
const std::string kHashes = "epochs.weights_hash";

// One column: a number per epoch.
template <typename Number>
SavedTensor save_column(const std::string& name,
                        TensorType type,
                        const std::vector<Number>& values) {
  const auto bytes = std::as_bytes(std::span(values));
  return {.name = name,
          .type = type,
          .shape = {static_cast<std::int64_t>(values.size())},
          .bytes = {bytes.begin(), bytes.end()}};
}

template <typename Number>
std::vector<Number> load_column(const TensorView& tensor, TensorType type, int epochs) {
  if (tensor.type != type || tensor.shape != std::vector<std::int64_t>{epochs}) {
    throw std::invalid_argument("its '" + tensor.name + "' has no value for each of its " +
                                std::to_string(epochs) + " epochs");
  }
  std::vector<Number> values(static_cast<std::size_t>(epochs));
  std::memcpy(values.data(), tensor.bytes.data(), tensor.bytes.size());
  return values;
}

}  // namespace

std::vector<SavedTensor> save_reports(const std::vector<EpochReport>& reports) {
  std::vector<SavedTensor> columns;
  if (reports.empty()) {
    return columns;
  }
  for (std::size_t metric = 0; metric < reports.front().metrics.size(); ++metric) {
    std::vector<double> values;
    values.reserve(reports.size());
    for (const EpochReport& report : reports) {
      values.push_back(report.metrics.at(metric).second);
    }
    columns.push_back(
        save_column(kPrefix + reports.front().metrics.at(metric).first, TensorType::kF64, values));
  }
  std::vector<std::uint64_t> hashes;
  hashes.reserve(reports.size());
  for (const EpochReport& report : reports) {
    hashes.push_back(report.weights_hash);
  }
  columns.push_back(save_column(kHashes, TensorType::kU64, hashes));
  return columns;
}

std::vector<EpochReport> load_reports(const storage::TensorFile& file, int epochs) {
  std::vector<EpochReport> reports(static_cast<std::size_t>(epochs));
  if (epochs > 0 && file.find(kHashes) == nullptr) {
    throw std::invalid_argument("its '" + kHashes + "' is missing");
  }
  for (std::size_t i = 0; i < reports.size(); ++i) {
    reports[i].epoch = static_cast<int>(i) + 1;
  }
  for (const TensorView& tensor : file.tensors()) {
    if (tensor.name == kHashes) {
      const auto hashes = load_column<std::uint64_t>(tensor, TensorType::kU64, epochs);
      for (std::size_t i = 0; i < reports.size(); ++i) {
        reports[i].weights_hash = hashes[i];
      }
    } else if (tensor.name.starts_with(kPrefix)) {
      const auto values = load_column<double>(tensor, TensorType::kF64, epochs);
      for (std::size_t i = 0; i < reports.size(); ++i) {
        reports[i].metrics.emplace_back(tensor.name.substr(kPrefix.size()), values[i]);
      }
    }
  }
  return reports;
}

}  // namespace glimpse::worker
