#pragma once

// trial.json: what one trial is, for people and for the worker that trains it alone. Written once
// per run with everything in it; one written by hand may say no more than
//
//   {"parameters": {"model": "rnn-spn", "downsample": 2}, "seed": 3}

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "experiments/value.h"

namespace glimpse::experiments {

// A file that is larger is none.
inline constexpr std::size_t kMaxTrialBytes = std::size_t{1} << 20;

struct TrialFile {
  std::string key = {};      // 64 hex digits; "" where the file does not say
  std::string dataset = {};  // its identity, 64 hex digits; "" likewise
  std::string arm = {};
  std::uint64_t seed = 1;
  int world_size = 1;
  Assignment parameters = {};                       // every one that applies
  std::map<std::string, std::string> origins = {};  // of parameters: "study", "default", ...

  bool operator==(const TrialFile&) const = default;
};

// Throws StudyError that lists everything that is wrong, with its places. Parameters that the file
// leaves out get their defaults; one that has no meaning for the model is an error.
TrialFile parse_trial(std::string_view text, const std::string& source);
std::string render_trial(const TrialFile& trial);

}  // namespace glimpse::experiments
