#include "launcher/output.h"

namespace glimpse::launcher {

using experiments::JsonWriter;
using reports::TextTable;

namespace {

Facts facts_of(const TextTable& table) {
  Facts facts;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    facts.emplace_back(table.columns[i], table.rows.front()[i]);
  }
  return facts;
}

}  // namespace

JsonWriter begin_json(const std::string& command) {
  JsonWriter json(2);
  json.begin_object().key("version").integer(1).key("command").string(command);
  return json;
}

void print_json(JsonWriter& json, Env& env) {
  env.out << json.end_object().text() << '\n';
}

void print_sections(const std::string& command,
                    const std::vector<Section>& sections,
                    const OutputOptions& output,
                    Env& env) {
  if (output.is_json) {
    JsonWriter json = begin_json(command);
    for (const Section& section : sections) {
      json.key(section.name);
      append_json_rows(json, section.table);
    }
    print_json(json, env);
    return;
  }
  const reports::TableStyle style = table_style(output, env);
  if (output.has_format()) {
    write_table(env.out, sections.at(0).table, style);
    return;
  }
  bool is_first = true;
  for (const Section& section : sections) {
    if (section.table.rows.empty() && &section != &sections.front()) {
      continue;
    }
    env.out << (is_first ? "" : "\n") << (section.title.empty() ? "" : section.title + "\n");
    if (section.is_one_thing && !section.table.rows.empty()) {
      print_facts(facts_of(section.table), env);
    } else {
      write_table(env.out, section.table, style);
    }
    is_first = false;
  }
}

TextTable facts_table(const Facts& facts) {
  TextTable table{.columns = {}, .rows = {{}}};
  for (const auto& [name, value] : facts) {
    table.columns.push_back(name);
    table.rows.front().push_back(value);
  }
  return table;
}

void print_facts(const Facts& facts, Env& env) {
  TextTable table{.columns = {"name", "value"}, .rows = {}};
  for (const auto& [name, value] : facts) {
    table.rows.push_back({name, reports::render_short(value)});
  }
  reports::TableStyle style = table_style({}, env);
  style.has_heading = false;
  write_table(env.out, table, style);
}

}  // namespace glimpse::launcher
