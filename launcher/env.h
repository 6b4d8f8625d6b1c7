#pragma once

// What a command may use of the world. Built once by run_glimpse, used by the command's thread;
// streams and log are owned by the caller and outlive it.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <ostream>
#include <string>

#include "launcher/environment.h"
#include "launcher/log/log.h"
#include "launcher/settings.h"
#include "launcher/transport/lone_world.h"
#include "reports/text_table.h"

namespace glimpse::launcher {

struct Env {
  std::ostream& out;  // data
  std::ostream& err;  // talk; commands use `log`, only progress bars write here themselves
  Log& log;
  const Environment& environment;
  Settings settings;
  Terminal terminal;
  bool has_colour = false;                 // on stdout
  bool shows_progress = true;              // commands switch it off under --json
  std::filesystem::path program_dir;       // where glimpse lies, and the worker beside it
  std::function<double()> now_s;           // monotonic clock
  std::function<std::int64_t()> clock_ms;  // since 1970, for people
  // Where MPI starts, if this program has it: see run_in_world.h.
  std::function<std::unique_ptr<World>()> open_world = [] { return std::make_unique<LoneWorld>(); };
};

// How a reading verb was asked to print.
struct OutputOptions {
  std::string format;  // table, csv, jsonl or md; empty: not asked for by name
  bool is_json = false;

  // Then nothing but the table may be printed.
  [[nodiscard]] bool has_format() const { return !format.empty(); }
};

reports::TableStyle table_style(const OutputOptions& output, const Env& env);

}  // namespace glimpse::launcher
