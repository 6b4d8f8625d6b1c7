#pragma once

// trial.json: what one trial is, for people, for the worker that trains it alone and for a database
// that has to be made again. Written once per run with everything in it; one of a training that was
// written by hand may say no more than
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
  bool is_command = false;   // of a program of the user's own
  std::string code = {};     // what tells one program or model from its next version; "" likewise
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
// leaves out get their defaults; one that has no meaning for the model is an error. Those of a
// command are what its study called them.
TrialFile parse_trial(std::string_view text, const std::string& source);
// For those who train: that of a command is an error, too.
TrialFile parse_training(std::string_view text, const std::string& source);
std::string render_trial(const TrialFile& trial);

}  // namespace glimpse::experiments
