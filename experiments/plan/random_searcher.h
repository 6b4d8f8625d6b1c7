#pragma once

// As many independent draws as the study's run_cap says. Every draw of every parameter has a stream
// of its own, so that another parameter, or more draws, change none of them.

#include "experiments/plan/searcher.h"

namespace glimpse::experiments {

// Throws StudyError where nearly all draws of a normal range do not fit their parameter.
Proposals propose_random(const Study& study);

}  // namespace glimpse::experiments
