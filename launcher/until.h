#pragma once

// When a machine is taken away again, as people and batch systems say it. Pure but for the time
// zone.

#include <cstdint>
#include <optional>
#include <string_view>

namespace glimpse::launcher {

// Seconds since 1970, from "8h" (from now on), "23:30" (the next one), "2026-11-21T23:30" or
// "2026-11-21 23:30:15", both local. Nothing for any other text, and for a time that is over.
std::optional<std::int64_t> parse_until(std::string_view text, std::int64_t now);

// The same from SLURM_JOB_END_TIME; nothing for an empty text or one that is no number.
std::optional<std::int64_t> parse_job_end(std::string_view text);

// Before the end, so that all that runs can save a checkpoint: a minute, or a tenth of a short
// time.
double stop_margin_s(double left_s);

}  // namespace glimpse::launcher
