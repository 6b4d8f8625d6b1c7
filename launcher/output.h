#pragma once

// How reading verbs print: one JSON object under --json, one table under --format, and else several
// tables with headings for people.

#include <string>
#include <vector>

#include "experiments/json_writer.h"
#include "launcher/env.h"
#include "reports/text_table.h"

namespace glimpse::launcher {

// {"version":1,"command":"plan", ...}: the caller goes on within the object and ends it. Members
// are only ever added; a change of meaning raises the version.
experiments::JsonWriter begin_json(const std::string& command);
// Ends the object and prints it.
void print_json(experiments::JsonWriter& json, Env& env);

struct Section {
  std::string name;   // member of the JSON object
  std::string title;  // heading for people; empty: none
  reports::TextTable table;
  bool is_one_thing = false;  // people read its one row as a list of facts
};

// The first section is the one that --format means. Sections without rows are left out for people.
void print_sections(const std::string& command,
                    const std::vector<Section>& sections,
                    const OutputOptions& output,
                    Env& env);

using Facts = std::vector<std::pair<std::string, reports::Cell>>;

// One row with a column per fact.
reports::TextTable facts_table(const Facts& facts);
// "name  value" lines.
void print_facts(const Facts& facts, Env& env);

}  // namespace glimpse::launcher
