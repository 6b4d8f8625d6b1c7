#pragma once

// The identity of a trial: SHA-256 over the canonical JSON (RFC 8785) of what decides its numbers.
// Two trials with the same key are the same trial, whatever study, machine or table they stand in.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "experiments/value.h"

namespace glimpse::experiments {

struct TrialKey {
  std::array<std::uint8_t, 32> bytes{};

  auto operator<=>(const TrialKey&) const = default;
  [[nodiscard]] std::string hex() const;
  // The first 32 hex digits: what folders, views and people use.
  [[nodiscard]] std::string run_id() const;
};

// The facts a key is made of, except the seed. Text is JSON already.
struct KeyFacts {
  std::string kind;       // "train" or "command"
  std::string code_json;  // model code number, or a quoted hash for commands
  std::string dataset;    // 64 hex digits, or "" for none
  std::string arm;        // "" is left out
  int world_size = 1;     // 1 is left out
  std::string parameters_json;
};

// Hashes one configuration once per seed without rebuilding the text.
class KeyMaker {
 public:
  explicit KeyMaker(const KeyFacts& facts);
  [[nodiscard]] TrialKey key(std::uint64_t seed) const;
  [[nodiscard]] std::string text(std::uint64_t seed) const;

 private:
  std::string before_seed_;
  std::string after_seed_;
};

// The identity of one training by itself. `parameters` are those that apply, at least those that
// differ from their defaults.
struct TrainingFacts {
  Assignment parameters;
  std::string dataset;  // its identity
  std::string arm;
  int world_size = 1;
  std::uint64_t seed = 1;
};
TrialKey make_training_key(const TrainingFacts& facts);

}  // namespace glimpse::experiments
