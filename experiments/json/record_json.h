#pragma once

// Commands and records (experiments/record.h) as single lines of JSON, told key by key in
// RECORDS.md. Reading is as strict as for studies: what is unknown, missing, given twice or out of
// range is refused by name, because the other end may be any program. Pure functions; any thread
// may call them.

#include <string>
#include <string_view>

#include "experiments/record.h"
#include "experiments/record_error.h"

namespace glimpse::experiments {

// A line comes without its newline. All throw RecordError.
Command parse_command(std::string_view line);
Record parse_record(std::string_view line);
// Of a program that was started for one attempt: "run" and "attempt" may be left out, and so may
// "type" where it is "epoch". A record that names another attempt is refused.
Record parse_user_record(std::string_view line, const AttemptName& attempt);

// The text reads back as the same data. Throw RecordError for what the other end would refuse, a
// line of more than kMaxRecordBytes included; only a failure's message is mended instead, since the
// failure must be told.
std::string render_command(const Command& command);
std::string render_record(const Record& record);
// The same of a record that was read from a line and not changed since: only its length is checked.
std::string render_read_record(const Record& record);

}  // namespace glimpse::experiments
