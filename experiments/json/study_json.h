#pragma once

// Reads and prints studies. Reading is strict: every key is in the table of study_keys.h, and all
// that is wrong is told at once. Pure functions; any thread may call them.

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "experiments/json/study_places.h"
#include "experiments/overrides.h"
#include "experiments/study.h"
#include "experiments/study_error.h"

namespace glimpse::experiments {

// Where values came from, by JSON pointer: "table1.json:12" or "command line". What is not here is
// a default.
using Origins = std::map<std::string, std::string>;

struct ResolvedStudy {
  Study study;
  Origins origins;
  StudyPlaces places;  // for what a plan finds wrong with it
};

// `source` names the text in errors. Throws StudyError with all issues, in the order of the text;
// those of overrides follow.
ResolvedStudy resolve_study(std::string_view text,
                            const std::string& source,
                            std::span<const Override> overrides = {});
Study parse_study(std::string_view text,
                  const std::string& source,
                  std::span<const Override> overrides = {});

// The whole study with its defaults, as text that reads back as the same study.
std::string print_study(const Study& study);
// The same with a comment behind every value that says where it came from.
std::string print_resolved(const Study& study, const Origins& origins);

}  // namespace glimpse::experiments
