#include "launcher/spool/spool_command.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <utility>
#include <vector>

#include "storage/files/run_folder.h"

namespace glimpse::launcher {
namespace {

using experiments::ExitCode;
using What = StopCommand::What;

constexpr std::string_view kFormat = "glimpse-spool 1";
constexpr std::string_view kNoName = "-";
constexpr std::array<std::pair<What, std::string_view>, 3> kWhats{
    {{What::kAll, "all"}, {What::kStudy, "study"}, {What::kRun, "run"}}};

struct Renderer {
  std::string operator()(const PingCommand&) const { return "ping\n"; }
  std::string operator()(const StopCommand& stop) const {
    const auto* const what =
        std::ranges::find(kWhats, stop.what, &std::pair<What, std::string_view>::first);
    return "stop\n" + std::string(what->second) + "\n" +
           (stop.what == What::kAll ? std::string(kNoName) : stop.name) + "\n" +
           (stop.is_now ? "now" : "save") + "\n";
  }
  std::string operator()(const SubmitCommand& submit) const {
    return "submit\n" + submit.text_hash + "\n" + submit.study + "\n";
  }
};

// Takes the line off the text's front; a last one without its newline is none.
std::string_view take_line(std::string_view& text, const char* what) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) {
    throw SpoolError(std::string("it ends before ") + what);
  }
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

void check_format(std::string_view& text) {
  if (text.size() > kMaxSpoolBytes) {
    throw SpoolError("it is longer than 64 KiB");
  }
  if (take_line(text, "the format") != kFormat) {
    throw SpoolError("it is not of the format '" + std::string(kFormat) +
                     "' that this version speaks");
  }
}

std::vector<std::string_view> split_words(std::string_view text) {
  std::vector<std::string_view> words;
  constexpr std::size_t kMostWords = 8;
  while (!text.empty() && words.size() < kMostWords) {
    words.push_back(take_line(text, "its last line does"));
  }
  return words;
}

void check_count(std::span<const std::string_view> words, std::size_t count) {
  if (words.size() != count) {
    throw SpoolError("'" + std::string(words[0]) + "' takes " + std::to_string(count - 1) +
                     " words");
  }
}

StopCommand parse_stop(std::span<const std::string_view> words) {
  check_count(words, 4);
  const auto* const what =
      std::ranges::find(kWhats, words[1], &std::pair<What, std::string_view>::second);
  if (what == kWhats.end()) {
    throw SpoolError("'stop' knows all, study and run");
  }
  const bool is_name = what->first == What::kAll     ? words[2] == kNoName
                       : what->first == What::kStudy ? storage::is_path_name(words[2])
                                                     : storage::is_run_id(words[2]);
  if (!is_name) {
    throw SpoolError("what 'stop' names is no " + std::string(what->second));
  }
  if (words[3] != "now" && words[3] != "save") {
    throw SpoolError("'stop' is to be now or to save");
  }
  return {.what = what->first,
          .name = what->first == What::kAll ? std::string() : std::string(words[2]),
          .is_now = words[3] == "now"};
}

SubmitCommand parse_submit(std::span<const std::string_view> words) {
  check_count(words, 3);
  if (!storage::is_run_id(words[1])) {
    throw SpoolError("what 'submit' names is no hash of a study's text");
  }
  if (!storage::is_path_name(words[2])) {
    throw SpoolError("what 'submit' names is no study");
  }
  return {.text_hash = std::string(words[1]), .study = std::string(words[2])};
}

bool is_exit_code(int code) {
  return std::ranges::any_of(experiments::exit_code_rows(),
                             [&](const auto& row) { return static_cast<int>(row.code) == code; });
}

}  // namespace

std::string render_command(const SpoolCommand& command) {
  return std::string(kFormat) + "\n" + std::visit(Renderer(), command);
}

SpoolCommand parse_command(std::string_view text) {
  check_format(text);
  const std::vector<std::string_view> words = split_words(text);
  if (words.empty()) {
    throw SpoolError("it says nothing");
  }
  if (words[0] == "ping") {
    check_count(words, 1);
    return PingCommand();
  }
  if (words[0] == "stop") {
    return parse_stop(words);
  }
  if (words[0] == "submit") {
    return parse_submit(words);
  }
  throw SpoolError("this version knows ping, stop and submit, not '" +
                   std::string(words[0].substr(0, 32)) + "'");
}

std::string render_reply(const SpoolReply& reply) {
  std::string text =
      std::string(kFormat) + "\n" + std::to_string(static_cast<int>(reply.exit)) + "\n";
  std::string line = reply.text.substr(0, kMaxSpoolBytes - text.size() - 1);
  std::ranges::replace(line, '\n', ' ');
  return text + line + "\n";
}

SpoolReply parse_reply(std::string_view text) {
  check_format(text);
  const std::string_view code = take_line(text, "the exit code");
  int number = -1;
  const auto result = std::from_chars(code.data(), code.data() + code.size(), number);
  if (result.ec != std::errc() || result.ptr != code.data() + code.size() ||
      !is_exit_code(number)) {
    throw SpoolError("it has no exit code");
  }
  const std::string_view line = take_line(text, "its text does");
  if (!text.empty()) {
    throw SpoolError("it has more than one line of text");
  }
  return {.exit = static_cast<ExitCode>(number), .text = std::string(line)};
}

}  // namespace glimpse::launcher
