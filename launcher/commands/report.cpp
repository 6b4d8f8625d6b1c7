#include "launcher/commands/report.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <functional>
#include <sstream>

#include "experiments/faults.h"
#include "launcher/as_output.h"
#include "launcher/load_report.h"
#include "launcher/usage_error.h"
#include "reports/render/render_json.h"
#include "reports/render/render_latex.h"
#include "reports/render/render_markdown.h"
#include "reports/render/render_text.h"
#include "storage/files/atomic_file.h"
#include "storage/files/file_io.h"

namespace glimpse::launcher {
namespace {

namespace fs = std::filesystem;
using reports::StudyReport;

std::string render_csv(const StudyReport& report) {
  std::ostringstream out;
  write_table(out, cell_rows(report), {.format = reports::TableFormat::kCsv});
  return std::move(out).str();
}

struct Format {
  std::string_view name;
  std::string_view extension;
  std::string (*render)(const StudyReport&);
};

constexpr std::array<Format, 5> kFormats = {{{"md", ".md", reports::render_markdown},
                                             {"latex", ".tex", reports::render_latex},
                                             {"csv", ".csv", render_csv},
                                             {"json", ".json", reports::render_json},
                                             {"text", ".txt", reports::render_text}}};

const Format& pick_format(const std::string& name, const std::string& file) {
  const std::string extension = fs::path(file).extension().string();
  const auto* const found = std::ranges::find_if(kFormats, [&](const Format& format) {
    return name.empty() ? format.extension == extension : format.name == name;
  });
  if (found != kFormats.end()) {
    return *found;
  }
  if (file.empty()) {
    return kFormats.back();
  }
  throw UsageError("report: " + file +
                   ": its name does not say which format it has (give --format)");
}

// Where the first byte differs, as a line of the file.
std::ptrdiff_t first_moved_line(const std::string& old_text, const std::string& new_text) {
  const auto differs = std::ranges::mismatch(old_text, new_text);
  return 1 + std::count(old_text.begin(), differs.in1, '\n');
}

int compare(const std::string& file, const std::string& text, const Env& env) {
  constexpr std::size_t kMostBytes = std::size_t{64} << 20;
  const std::string old_text = storage::load_text(file, kMostBytes);
  if (old_text == text) {
    env.log.info("report: " + file + " says what the results say");
    return 0;
  }
  env.log.error("report: the results have moved since " + file + " was made: line " +
                std::to_string(first_moved_line(old_text, text)) + " differs");
  return static_cast<int>(experiments::ExitCode::kWorse);
}

}  // namespace

int report(const ReportOptions& options, Env& env) {
  const std::string& file = options.checked.empty() ? options.file : options.checked;
  const Format& format = pick_format(options.format, file);
  const std::string text =
      format.render(load_report(load_study(options.study, {}, env.settings), env.settings));
  if (!options.checked.empty()) {
    return compare(file, text, env);
  }
  if (file.empty()) {
    env.out << text;
    return 0;
  }
  as_output([&] { storage::write_file_atomically(file, text); });
  env.out << file << '\n';
  return 0;
}

}  // namespace glimpse::launcher
