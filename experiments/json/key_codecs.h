#pragma once

// The keys of a study that are more than one value of one type and belong to no larger part.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "experiments/json/json_document.h"
#include "experiments/json/object_reader.h"
#include "experiments/study.h"

namespace glimpse::experiments {

inline constexpr std::int64_t kMostSeeds = 10'000;
inline constexpr std::int64_t kMostTrialsPerGpu = 64;

std::optional<std::string> read_path_name(const ValueReader& reader);
std::optional<std::vector<std::string>> read_texts(const ValueReader& reader);

void read_dataset(const ValueReader& reader, Study& study);
std::optional<JsonNode> write_dataset(const Study& study);

// A number n means the seeds 1 to n.
void read_seeds(const ValueReader& reader, Study& study);
std::optional<JsonNode> write_seeds(const Study& study);

void read_trials_per_gpu(const ValueReader& reader, Study& study);
std::optional<JsonNode> write_trials_per_gpu(const Study& study);

}  // namespace glimpse::experiments
