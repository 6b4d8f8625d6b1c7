#pragma once

// The example lines of experiments/json/RECORDS.md, which double as samples of every kind.

#include <string>
#include <vector>

namespace glimpse::tests {

// As they stand there: one of each type, nothing optional left out.
[[nodiscard]] std::vector<std::string> example_records();
[[nodiscard]] std::vector<std::string> example_commands();
// What a command trial needs at least.
[[nodiscard]] std::string shortest_example();
[[nodiscard]] std::string records_page();

}  // namespace glimpse::tests
