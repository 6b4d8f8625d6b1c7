#include "experiments/json/space_json.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <utility>
#include <variant>

#include "experiments/json/key_row.h"
#include "experiments/model_table.h"
#include "experiments/nearest.h"
#include "experiments/path_name.h"

namespace glimpse::experiments {
namespace {

constexpr std::string_view kDatasetPrefix = "dataset.";

// Filled in by the launcher for every trial of a command, so no parameter can have these names.
constexpr std::array<std::string_view, 3> kGivenNames{"seed", "run_id", "attempt"};

const std::vector<std::string>& distributions() {
  static const std::vector<std::string> kNames{"uniform", "log_uniform", "int_uniform", "normal"};
  return kNames;
}

const ParameterRow* find_dataset_row(std::string_view dotted) {
  return dotted.starts_with(kDatasetPrefix)
             ? find_dataset_row_of(dotted.substr(kDatasetPrefix.size()))
             : nullptr;
}

}  // namespace
}  // namespace glimpse::experiments
