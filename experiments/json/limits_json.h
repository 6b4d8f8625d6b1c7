#pragma once

// The lists of a study's `limits`: what setrlimit is told, and lines of a log that mean a fault.

#include <optional>
#include <string>
#include <vector>

#include "experiments/json/json_document.h"
#include "experiments/json/object_reader.h"
#include "experiments/study.h"

namespace glimpse::experiments {

// Names of RLIMIT_* in lower case; those counted in bytes take a size.
const std::vector<std::string>& size_limit_names();
const std::vector<std::string>& count_limit_names();
std::vector<std::string> fault_names();

inline constexpr std::size_t kLongestLogPattern = 256;
// Compiling one can take milliseconds, and every line of a log is held against all of them.
inline constexpr std::size_t kMostLogPatterns = 64;

void read_resource_limits(const ValueReader& reader, Study& study);
std::optional<JsonNode> write_resource_limits(const Study& study);

void read_log_patterns(const ValueReader& reader, Study& study);
std::optional<JsonNode> write_log_patterns(const Study& study);

// [20, 0.5]: of the last 20 trials that share.
void read_share_of_last(const ValueReader& reader, Study& study);
std::optional<JsonNode> write_share_of_last(const Study& study);

}  // namespace glimpse::experiments
