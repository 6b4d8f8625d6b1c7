#pragma once

// Bytes in, whole lines out, for programs that report on what they print. One thread.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/record.h"

namespace glimpse::launcher {

class LineSplitter {
 public:
  // Lines that ended, without their newlines. One that is too long to be a record is dropped.
  std::vector<std::string> add(std::string_view bytes);

 private:
  std::string open_;  // at most one byte longer than a record
};

// Whether a printed line means to be a record: then it has to be a right one.
bool looks_like_record(std::string_view line);

}  // namespace glimpse::launcher
