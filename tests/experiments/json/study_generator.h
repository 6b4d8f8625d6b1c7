#pragma once

// Random studies for property tests: all kinds of values in all keys, and sound as a whole, so that
// the reader takes them.

#include "experiments/study.h"

namespace glimpse::experiments {

// To be called inside of a property.
Study random_study();

}  // namespace glimpse::experiments
