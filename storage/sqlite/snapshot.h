#pragma once

// Where the live database lies, and how others see it where that is not the results folder. SQLite
// must not run on network file systems, so there the live file is on a local disk, whole copies of
// it appear in the results folder by rename, and after a crash the last copy and the journals of
// the attempts give everything back.

#include <filesystem>
#include <optional>

namespace glimpse::storage {

struct Placement {
  std::filesystem::path live = {};
  // Where copies are published; nothing where the live file is in the results folder itself.
  std::optional<std::filesystem::path> snapshot = {};
};

// `local_folder` is the coordinator's own, on a disk of its node.
Placement pick_placement(const std::filesystem::path& results_folder,
                         bool is_network_file_system,
                         const std::filesystem::path& local_folder);

// Publishes what is committed in `live` now. Opens connections of its own: any thread may call it
// while another one writes, and neither waits for the other. Readers of `target` see the old copy
// or the new one, in a mode that read-only users can open.
void publish_snapshot(const std::filesystem::path& live, const std::filesystem::path& target);

// Puts the last published copy in place of the live file, at the start of a coordinator. Without a
// snapshot (a new folder, or nothing published yet) the live file is taken away.
void restore_snapshot(const Placement& placement);

}  // namespace glimpse::storage
