#pragma once

// The name of a checkpoint, "step-000000001200-0123456789abcdef.safetensors": the training step it
// was taken after, and the XXH3 of the whole file, by which its content is checked. Names sort as
// their steps do.

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace glimpse::storage {

inline constexpr std::uint64_t kMaxCheckpointStep = 999'999'999'999;  // twelve digits

struct CheckpointName {
  std::uint64_t step = 0;
  std::uint64_t hash = 0;
  auto operator<=>(const CheckpointName&) const = default;
};

// Throws std::invalid_argument for a step of more than twelve digits.
[[nodiscard]] std::string render_checkpoint_name(const CheckpointName& name);
[[nodiscard]] std::optional<CheckpointName> try_parse_checkpoint_name(std::string_view file_name);

// Which checkpoints of a trial may go. Of a running trial the two newest and the best stay, of a
// finished one the last and the best. `valid` must hold none that is damaged, or a damaged one is
// kept in place of a good one. `best_step` is that of the best-validation epoch, if it was saved.
[[nodiscard]] std::vector<CheckpointName> pick_removable_checkpoints(
    std::span<const CheckpointName> valid,
    std::optional<std::uint64_t> best_step,
    bool is_finished);

// Which of a running trial's checkpoints go once `newest` stands among them: all but the two
// newest, and others of its step, since names do not tell which of those is newer.
[[nodiscard]] std::vector<CheckpointName> pick_replaced_checkpoints(
    std::span<const CheckpointName> valid, const CheckpointName& newest);

}  // namespace glimpse::storage
