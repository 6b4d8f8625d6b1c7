#pragma once

// What can be said to a running coordinator, and its answer, as the texts that lie in the spool: a
// line with the format's version, then one word per line. Whoever may write to the folder may have
// written them, so only what is exactly one of the forms is taken, and no word becomes a path that
// is not checked here to be a name or a hash. Pure.
//
//   glimpse-spool 1      glimpse-spool 1     glimpse-spool 1    glimpse-spool 1
//   ping                 stop                submit             <exit code>
//                        all|study|run       <hash of text>     <text for people>
//                        <name, run id, ->   <name of study>
//                        now|save

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>

#include "experiments/faults.h"

namespace glimpse::launcher {

inline constexpr std::size_t kMaxSpoolBytes = std::size_t{64} << 10;

// Is anybody there?
struct PingCommand {
  bool operator==(const PingCommand&) const = default;
};
// What is meant ends: after saving a checkpoint, or at once.
struct StopCommand {
  enum class What { kAll, kStudy, kRun };
  What what = What::kAll;
  std::string name;  // of a study, or a whole run id; empty for all
  bool is_now = false;
  bool operator==(const StopCommand&) const = default;
};
// A study whose text lies in studies/<text_hash>.json is to be run, too.
struct SubmitCommand {
  std::string text_hash;
  std::string study;
  bool operator==(const SubmitCommand&) const = default;
};
using SpoolCommand = std::variant<PingCommand, StopCommand, SubmitCommand>;

struct SpoolReply {
  experiments::ExitCode exit = experiments::ExitCode::kDone;
  std::string text;  // one line for people
  bool operator==(const SpoolReply&) const = default;
};

// What a text is not: a clause for people.
class SpoolError : public std::runtime_error {
 public:
  explicit SpoolError(const std::string& what) : std::runtime_error(what) {}
};

std::string render_command(const SpoolCommand& command);
// Throws SpoolError.
SpoolCommand parse_command(std::string_view text);

// A text that would be too long is cut, and line breaks in it become blanks.
std::string render_reply(const SpoolReply& reply);
// Throws SpoolError.
SpoolReply parse_reply(std::string_view text);

}  // namespace glimpse::launcher
