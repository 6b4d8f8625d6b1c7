#pragma once

// What the attempts of a trial say together, by the rule that the scheduler follows while they
// happen (launcher/schedule/failure_rule.h). Pure.

#include <span>

#include "storage/sqlite/ledger_reader.h"

namespace glimpse::launcher {

// Since the last checkpoint or result. Attempts come in the order of their numbers.
int failures_in_a_row(std::span<const storage::AttemptFacts> attempts);

// Whether the last one failed and was not to be followed by another; `most` is the study's
// retry.max.
bool has_failed_for_good(std::span<const storage::AttemptFacts> attempts, int most);

}  // namespace glimpse::launcher
