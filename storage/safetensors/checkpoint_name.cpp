#include "storage/safetensors/checkpoint_name.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <stdexcept>

#include "storage/files/xxh3.h"

namespace glimpse::storage {
namespace {

constexpr std::string_view kPrefix = "step-";
constexpr std::string_view kSuffix = ".safetensors";
constexpr std::size_t kStepDigits = 12;
constexpr std::size_t kHashDigits = 16;
constexpr std::size_t kNameBytes = kPrefix.size() + kStepDigits + 1 + kHashDigits + kSuffix.size();

}  // namespace

std::string render_checkpoint_name(const CheckpointName& name) {
  if (name.step > kMaxCheckpointStep) {
    throw std::invalid_argument("checkpoint step " + std::to_string(name.step) + " is too large");
  }
  const std::string digits = std::to_string(name.step);
  return std::string(kPrefix) + std::string(kStepDigits - digits.size(), '0') + digits + "-" +
         render_hash(name.hash) + std::string(kSuffix);
}

std::optional<CheckpointName> try_parse_checkpoint_name(std::string_view file_name) {
  if (file_name.size() != kNameBytes || !file_name.starts_with(kPrefix) ||
      !file_name.ends_with(kSuffix)) {
    return std::nullopt;
  }
  const std::string_view step = file_name.substr(kPrefix.size(), kStepDigits);
  const auto hash = try_parse_hash(file_name.substr(kPrefix.size() + kStepDigits + 1, kHashDigits));
  if (step.find_first_not_of("0123456789") != std::string_view::npos ||
      file_name[kPrefix.size() + kStepDigits] != '-' || !hash) {
    return std::nullopt;
  }
  CheckpointName name{.hash = *hash};
  std::from_chars(step.data(), step.data() + step.size(), name.step);
  return name;
}

std::vector<CheckpointName> pick_removable_checkpoints(std::span<const CheckpointName> valid,
                                                       std::optional<std::uint64_t> best_step,
                                                       bool is_finished) {
  std::vector<CheckpointName> newest_first(valid.begin(), valid.end());
  std::ranges::sort(newest_first, std::greater<>());
  const std::size_t kept = std::min<std::size_t>(newest_first.size(), is_finished ? 1 : 2);
  newest_first.erase(newest_first.begin(),
                     newest_first.begin() + static_cast<std::ptrdiff_t>(kept));
  std::erase_if(newest_first, [&](const CheckpointName& name) { return name.step == best_step; });
  return newest_first;
}

std::vector<CheckpointName> pick_replaced_checkpoints(std::span<const CheckpointName> valid,
                                                      const CheckpointName& newest) {
  std::vector<CheckpointName> kept;
  std::vector<CheckpointName> replaced;
  for (const CheckpointName& name : valid) {
    (name.step == newest.step && name != newest ? replaced : kept).push_back(name);
  }
  const auto old = pick_removable_checkpoints(kept, std::nullopt, false);
  replaced.insert(replaced.end(), old.begin(), old.end());
  return replaced;
}

}  // namespace glimpse::storage
