#pragma once

// Results folders as the elements of an array job leave them: each with attempts of one trial,
// whose journals and databases are filled through the same code as a coordinator's.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace glimpse::tests {

// The only trial of every shard.
std::string shard_run_id();

// A preempted attempt for each start, with a checkpoint; its journal names its uid.
void make_shard(const std::filesystem::path& folder, const std::vector<std::int64_t>& starts_ms);

// The newest attempt, as it stood before its last record, as a killed coordinator leaves it; and
// the same with that record.
void take_end_back(const std::filesystem::path& folder);
void give_end_again(const std::filesystem::path& folder);

// What is wrong with the attempts' folders: one whose journal is another attempt's, one that is
// missing, or something beside them. "" where all is well.
std::string wrong_folders(const std::filesystem::path& folder);

}  // namespace glimpse::tests
