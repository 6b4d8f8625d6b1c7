#pragma once

// What becomes of a study that a command line narrows. `model=conv` leaves the downsample values of
// the study's text without a configuration to apply to; nobody made a mistake there, so they go. In
// the text by itself the same is an error, and stays one. Pure.

#include <string>
#include <vector>

#include "experiments/study.h"

namespace glimpse::experiments {

// Takes out of `study` the parameters and exclusions that had a meaning in the study as `written`
// and have none now. Gives back the names of the parameters.
std::vector<std::string> drop_what_lost_its_meaning(Study& study, const Study& written);

}  // namespace glimpse::experiments
