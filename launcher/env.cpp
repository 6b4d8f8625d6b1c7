#include "launcher/env.h"

namespace glimpse::launcher {

namespace {

reports::TableFormat format_of(const std::string& name) {
  if (name == "csv") {
    return reports::TableFormat::kCsv;
  }
  if (name == "jsonl") {
    return reports::TableFormat::kJsonl;
  }
  return name == "md" ? reports::TableFormat::kMarkdown : reports::TableFormat::kTable;
}

}  // namespace

reports::TableStyle table_style(const OutputOptions& output, const Env& env) {
  return {.format = format_of(output.format),
          .width = env.terminal.width,
          .has_colour = env.has_colour,
          .to_terminal = env.terminal.out_is_terminal};
}

}  // namespace glimpse::launcher
