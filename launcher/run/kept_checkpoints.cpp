#include "launcher/run/kept_checkpoints.h"

#include <optional>

namespace glimpse::launcher {

std::vector<std::string> KeptCheckpoints::add(const std::string& file) {
  std::vector<std::string> gone;
  const std::optional<storage::CheckpointName> newest = storage::try_parse_checkpoint_name(file);
  if (!newest) {
    return gone;
  }
  std::erase(kept_, *newest);
  kept_.push_back(*newest);
  for (const storage::CheckpointName& name : storage::pick_replaced_checkpoints(kept_, *newest)) {
    std::erase(kept_, name);
    gone.push_back(storage::render_checkpoint_name(name));
  }
  return gone;
}

}  // namespace glimpse::launcher
