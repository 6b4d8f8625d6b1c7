#pragma once

// The database of a results folder, made again from what else lies there: the texts of its studies
// are planned as a run plans them, and the journals of all attempts go through the one door that
// they went through when they were new. The folder's own database is neither read nor changed here.
// The caller holds the folder's lock. One thread.
//
// What no other file knows does not come back: on which node and slot an attempt ran and when it
// was started (its first record's time stands for that), the attempts' identities across merged
// databases, retries that were asked for and had not begun, which of several texts of one study
// was used last (the one stored last counts), and what the disk had no room for.

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "launcher/settings.h"
#include "storage/files/run_folder.h"

namespace glimpse::launcher {

struct RebuiltStudy {
  std::string name;
  std::string text_hash;
  std::size_t trials = 0;  // that its plan names now
};

struct RebuildLoss {
  std::string kind;  // "study", "trial" or "journal"
  std::filesystem::path file;
  std::string why;
};

struct RebuildOutcome {
  std::vector<RebuiltStudy> studies;  // in the order in which they were first planned
  std::size_t runs = 0;               // with a folder, that are back
  std::size_t attempts = 0;
  std::size_t records = 0;
  std::vector<RebuildLoss> losses;
};

// `database` does not exist yet; it is whole when this returns.
RebuildOutcome rebuild_results(const std::filesystem::path& database,
                               const storage::ResultsFolder& folder,
                               const Settings& settings);

}  // namespace glimpse::launcher
