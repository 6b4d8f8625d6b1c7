#include "launcher/commands/report.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <sstream>

#include "experiments/faults.h"
#include "launcher/as_output.h"
#include "launcher/load_report.h"
#include "launcher/results.h"
#include "launcher/results_folder.h"
#include "launcher/usage_error.h"
#include "reports/html/page.h"
#include "reports/reading/page_reader.h"
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
  std::string (*render)(const StudyReport&);  // null for the page, which shows more than the report
};

constexpr std::array<Format, 6> kFormats = {{{"html", ".html", nullptr},
                                             {"md", ".md", reports::render_markdown},
                                             {"latex", ".tex", reports::render_latex},
                                             {"csv", ".csv", render_csv},
                                             {"json", ".json", reports::render_json},
                                             {"text", ".txt", reports::render_text}}};

const Format& pick_format(const std::string& name, const std::string& file) {
  const std::string extension = fs::path(file).extension().string();
  const auto* const found = std::ranges::find_if(kFormats, [&](const Format& format) {
    return name.empty() ? format.extension == extension : format.name == name;
  });
  if (found == kFormats.end()) {
    throw UsageError("report: " + file +
                     ": its name does not say which format it has (give --format)");
  }
  return *found;
}

std::string render(const Format& format,
                   const StudyReport& report,
                   const ReportOptions& options,
                   const Settings& settings) {
  if (format.render != nullptr) {
    return format.render(report);
  }
  const reports::PageOptions page{.gallery_limit = options.gallery_limit};
  if (!has_database(settings)) {
    return reports::render_page(reports::make_empty_page(report), page);
  }
  storage::Query results = open_results(settings);
  return reports::render_page(reports::read_page(report, results, results_folder(settings)), page);
}

// A page is to be opened, so it is a file even where nobody named one.
std::string default_file(const ReportOptions& options, const Settings& settings) {
  const bool is_page = options.format.empty() || options.format == "html";
  if (!is_page) {
    return {};
  }
  const std::string name = load_study(options.study, {}, settings).study.name;
  return (results_folder(settings).root() / "reports" / (name + ".html")).string();
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
  const bool is_check = !options.checked.empty();
  const std::string& given = is_check ? options.checked : options.file;
  const std::string file = given.empty() ? default_file(options, env.settings) : given;
  const Format& format = pick_format(options.format, file);
  const StudyReport report = load_report(load_study(options.study, {}, env.settings), env.settings);
  const std::string text = render(format, report, options, env.settings);
  if (is_check) {
    return compare(file, text, env);
  }
  if (file.empty()) {
    env.out << text;
    return 0;
  }
  as_output([&] {
    if (given.empty()) {
      storage::make_folders(fs::path(file).parent_path());
    }
    storage::write_file_atomically(file, text);
  });
  env.out << file << '\n';
  return 0;
}

}  // namespace glimpse::launcher
