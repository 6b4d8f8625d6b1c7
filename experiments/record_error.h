#pragma once

// A line that is no command or record of ours. Names the place by field and column, always on one
// line, because the text becomes the message of a failed attempt.

#include <cstddef>
#include <stdexcept>
#include <string>

#include "experiments/study_error.h"

namespace glimpse::experiments {

class RecordError : public std::runtime_error {
 public:
  // `source` says what was read: "record". `others` counts what else is wrong.
  RecordError(const std::string& source, Issue issue, std::size_t others);

  // The first thing that is wrong.
  [[nodiscard]] const Issue& issue() const { return issue_; }

 private:
  Issue issue_;
};

}  // namespace glimpse::experiments
