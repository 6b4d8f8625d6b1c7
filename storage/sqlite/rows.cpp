#include "storage/sqlite/rows.h"

#include <array>
#include <cstddef>
#include <string>

#include "storage/storage_error.h"

namespace glimpse::storage {
namespace {

constexpr std::array<std::string_view, 5> kTrialStates = {
    "pending", "running", "done", "failed", "cancelled"};
constexpr std::array<std::string_view, 3> kOutcomes = {"completed", "diverged", "pruned"};
constexpr std::array<std::string_view, 6> kAttemptStates = {
    "running", "finished", "failed", "preempted", "lost", "stopped"};

template <class Enum, class Names>
Enum parse(const Names& names, std::string_view name) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names.at(i) == name) {
      return static_cast<Enum>(i);
    }
  }
  throw StorageError(StorageFault::kDamaged,
                     {},
                     "read results: unknown state '" + std::string(name) +
                         "' (run 'glimpse verify' on this folder)");
}

template <class Names, class Enum>
std::string_view name_in(const Names& names, Enum value) {
  return names.at(static_cast<std::size_t>(value));
}

}  // namespace

std::string_view name_of(TrialState state) {
  return name_in(kTrialStates, state);
}

std::string_view name_of(Outcome outcome) {
  return name_in(kOutcomes, outcome);
}

std::string_view name_of(AttemptState state) {
  return name_in(kAttemptStates, state);
}

TrialState parse_trial_state(std::string_view name) {
  return parse<TrialState>(kTrialStates, name);
}

Outcome parse_outcome(std::string_view name) {
  return parse<Outcome>(kOutcomes, name);
}

AttemptState parse_attempt_state(std::string_view name) {
  return parse<AttemptState>(kAttemptStates, name);
}

}  // namespace glimpse::storage
