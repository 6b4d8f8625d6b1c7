#pragma once

// What a command line sets over a study: `learning_rate=1e-3,1e-4 seeds=5 dataset.train=1000`. Here
// they are only taken apart; what a key may hold is decided by the reader of studies, which sees
// them as if they stood in the text.

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace glimpse::experiments {

struct Override {
  std::string text;                 // as it was given, for messages
  std::string key;                  // "learning_rate", "resources.cores", "dataset.train"
  std::vector<std::string> values;  // more than one where a comma list was given
  bool operator==(const Override&) const = default;
};

// True for a word of the command line that is meant as an override and not as a study: it has "="
// behind a key of letters, digits, "_", "-" and ".".
bool is_override(std::string_view word);

// Throws StudyError (source "command line") naming every word that is none, has no value or gives
// a key again. A comma within double quotes does not part values: notes="a, b".
std::vector<Override> parse_overrides(std::span<const std::string> words);

}  // namespace glimpse::experiments
