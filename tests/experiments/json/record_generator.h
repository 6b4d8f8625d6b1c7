#pragma once

// Random commands and records for property tests: every kind, every optional field there or not,
// texts with all that JSON escapes. Legal ones only, and no number that is not finite, as those do
// not equal themselves.

#include "experiments/record.h"

namespace glimpse::experiments {

// To be called within a property; draws from RapidCheck's generator.
Command random_command();
Record random_record();

}  // namespace glimpse::experiments
