#include "launcher/run/kept_checkpoints.h"

namespace glimpse::launcher {

std::vector<std::string> KeptCheckpoints::add(const experiments::CheckpointRecord& checkpoint) {
  constexpr std::size_t kMost = 2;
  std::vector<std::string> gone;
  std::erase_if(kept_, [&](const experiments::CheckpointRecord& kept) {
    const bool is_replaced = kept.step == checkpoint.step && kept.file != checkpoint.file;
    if (is_replaced) {
      gone.push_back(kept.file);
    }
    return is_replaced || kept.file == checkpoint.file;
  });
  kept_.push_back(checkpoint);
  if (kept_.size() > kMost) {
    gone.push_back(kept_.front().file);
    kept_.erase(kept_.begin());
  }
  return gone;
}

}  // namespace glimpse::launcher
