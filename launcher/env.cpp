#include "launcher/env.h"

namespace glimpse::launcher {

reports::TableStyle table_style(const OutputOptions& output, const Env& env) {
  return {.format = output.format,
          .width = env.terminal.width,
          .has_colour = env.has_colour,
          .to_terminal = env.terminal.out_is_terminal};
}

}  // namespace glimpse::launcher
