#include "reports/text_table.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <set>
#include <sstream>
#include <utility>

#include "reports/escape_markdown.h"
#include "reports/text_width.h"

namespace glimpse::reports {
namespace {

constexpr std::size_t kGap = 2;          // blanks between columns
constexpr std::size_t kLeastWidth = 12;  // no text gets narrower, however narrow the screen

// The nearest number of so many significant digits.
double rounded(double number, int significant) {
  std::array<char, 64> buffer{};
  char* const first = buffer.data();
  const auto end = std::to_chars(
      first, first + buffer.size(), number, std::chars_format::scientific, significant - 1);
  double result = number;
  std::from_chars(first, end.ptr, result);
  return result;
}

// Laid out as in JSON, so that 0.0005 is the same text wherever it stands.
std::string render_number(double number, int significant) {
  if (!std::isfinite(number)) {
    return std::isnan(number) ? "nan" : number > 0 ? "inf" : "-inf";
  }
  std::string text;
  experiments::append_json_number(text, significant == 0 ? number : rounded(number, significant));
  return text;
}

std::string render(const Cell& cell, int significant) {
  if (const auto* text = std::get_if<std::string>(&cell)) {
    return *text;
  }
  if (const auto* number = std::get_if<double>(&cell)) {
    return render_number(*number, significant);
  }
  if (const auto* whole = std::get_if<std::int64_t>(&cell)) {
    return std::to_string(*whole);
  }
  if (const auto* flag = std::get_if<bool>(&cell)) {
    return *flag ? "true" : "false";
  }
  return {};
}

bool is_number(const Cell& cell) {
  return !std::holds_alternative<std::string>(cell) && !std::holds_alternative<bool>(cell);
}

std::string csv_field(std::string text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) {
    return text;
  }
  for (std::size_t at = text.find('"'); at != std::string::npos; at = text.find('"', at + 2)) {
    text.insert(at, 1, '"');
  }
  return '"' + text + '"';
}

// A spreadsheet would run such a text.
bool is_formula(std::string_view text) {
  return !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
}

std::string markdown_field(const std::string& text) {
  std::string out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    out += out.empty() ? "" : "<br>";
    out += escape_markdown(line);
  }
  return out;
}

// JSON readers keep one of two equal names, so a second one gets a number.
std::vector<std::string> unique_names(const std::vector<std::string>& columns) {
  std::set<std::string> taken;
  std::vector<std::string> names;
  for (const std::string& column : columns) {
    std::string name = column;
    for (int copy = 2; !taken.insert(name).second; ++copy) {
      name = column + "_" + std::to_string(copy);
    }
    names.push_back(std::move(name));
  }
  return names;
}

void append_json_row(experiments::JsonWriter& json,
                     const std::vector<std::string>& names,
                     const Row& row) {
  json.begin_object();
  for (std::size_t i = 0; i < names.size(); ++i) {
    json.key(replace_invalid(names[i]));
    append_json_cell(json, row[i]);
  }
  json.end_object();
}

std::string padded(const std::string& text, std::size_t width, bool to_right) {
  const std::size_t used = display_width(text);
  const std::string blanks(width > used ? width - used : 0, ' ');
  return to_right ? blanks + text : text + blanks;
}

}  // namespace

TableWriter::TableWriter(std::ostream& out,
                         const TableStyle& style,
                         std::vector<std::string> columns)
    : out_(out), style_(style), columns_(std::move(columns)), aligned_(columns_.size()) {
  const Row heads(columns_.begin(), columns_.end());
  switch (style_.format) {
    case TableFormat::kTable:
      add_aligned(heads);
      aligned_.assign(aligned_.size(), {});  // headings decide neither alignment ...
      for (std::size_t i = 0; style_.has_heading && i < aligned_.size(); ++i) {
        aligned_[i].width = display_width(lines_[0][i]);  // ... but they need their room
      }
      break;
    case TableFormat::kCsv:
      write_csv(heads);
      break;
    case TableFormat::kJsonl:
      columns_ = unique_names(columns_);
      break;
    case TableFormat::kMarkdown:
      write_markdown(heads);
      for (std::size_t i = 0; i < columns_.size(); ++i) {
        out_ << (i > 0 ? " | ---" : "| ---");
      }
      out_ << " |\n";
      break;
  }
}

void TableWriter::add(const Row& row) {
  switch (style_.format) {
    case TableFormat::kTable:
      add_aligned(row);
      break;
    case TableFormat::kCsv:
      write_csv(row);
      break;
    case TableFormat::kJsonl:
      write_jsonl(row);
      break;
    case TableFormat::kMarkdown:
      write_markdown(row);
      break;
  }
}

void TableWriter::add_aligned(const Row& row) {
  std::vector<std::string> line;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    line.push_back(escape_controls(render_short(row[i])));
    aligned_[i].width = std::max(aligned_[i].width, display_width(line.back()));
    aligned_[i].is_number = aligned_[i].is_number && is_number(row[i]);
  }
  lines_.push_back(std::move(line));
}

void TableWriter::write_csv(const Row& row) {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::string text = render_exact(row[i]);
    if (std::holds_alternative<std::string>(row[i]) && is_formula(text)) {
      text.insert(0, 1, '\'');
    }
    if (style_.to_terminal) {
      text = escape_controls(text);
    }
    out_ << (i > 0 ? "," : "") << csv_field(std::move(text));
  }
  out_ << "\r\n";  // as RFC 4180 has it
}

void TableWriter::write_jsonl(const Row& row) {
  experiments::JsonWriter json;
  append_json_row(json, columns_, row);
  // JSON itself escapes C0 only; a terminal obeys C1 and bidirectional marks too.
  out_ << (style_.to_terminal ? escape_controls(json.text()) : json.text()) << '\n';
}

void TableWriter::write_markdown(const Row& row) {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    out_ << (i > 0 ? " | " : "| ") << markdown_field(render_short(row[i]));
  }
  out_ << " |\n";
}

// The widest text gives way first, and goes on in lines below: nothing is cut off.
void TableWriter::fit_to_screen() {
  std::size_t total = kGap * (columns_.size() - 1);
  for (const AlignedColumn& column : aligned_) {
    total += column.width;
  }
  for (; style_.width > 0 && total > style_.width; --total) {
    auto widest = std::max_element(aligned_.begin(), aligned_.end(), [](auto& a, auto& b) {
      return (a.is_number ? 0 : a.width) < (b.is_number ? 0 : b.width);
    });
    if (widest->is_number || widest->width <= kLeastWidth) {
      break;
    }
    --widest->width;
  }
}

// One line of text for each line that the tallest cell takes.
std::string TableWriter::align(const std::vector<std::string>& cells) const {
  std::vector<std::vector<std::string>> wrapped;
  std::size_t height = 1;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    wrapped.push_back(wrap_to_width(cells[i], aligned_[i].width));
    height = std::max(height, wrapped.back().size());
  }
  std::string text;
  for (std::size_t l = 0; l < height; ++l) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string part = l < wrapped[i].size() ? wrapped[i][l] : std::string();
      line += padded(part, aligned_[i].width, aligned_[i].is_number);
      line.append(i + 1 < cells.size() ? kGap : 0, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += (l > 0 ? "\n" : "") + line;
  }
  return text;
}

void TableWriter::finish() {
  if (style_.format != TableFormat::kTable || columns_.empty() || lines_.empty()) {
    return;
  }
  fit_to_screen();
  const std::string heading = align(lines_.front());
  if (style_.has_heading) {
    out_ << (style_.has_colour ? "\x1b[1m" + heading + "\x1b[0m" : heading) << '\n';
  }
  for (std::size_t l = 1; l < lines_.size(); ++l) {
    out_ << align(lines_[l]) << '\n';
  }
  lines_.clear();
}

void write_table(std::ostream& out, const TextTable& table, const TableStyle& style) {
  TableWriter writer(out, style, table.columns);
  for (const Row& row : table.rows) {
    writer.add(row);
  }
  writer.finish();
}

void append_json_rows(experiments::JsonWriter& json, const TextTable& table) {
  const std::vector<std::string> names = unique_names(table.columns);
  json.begin_array();
  for (const Row& row : table.rows) {
    append_json_row(json, names, row);
  }
  json.end_array();
}

void append_json_cell(experiments::JsonWriter& json, const Cell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell)) {
    json.string(replace_invalid(*text));
  } else if (const auto* number = std::get_if<double>(&cell)) {
    json.number(*number);
  } else if (const auto* whole = std::get_if<std::int64_t>(&cell)) {
    json.integer(*whole);
  } else if (const auto* flag = std::get_if<bool>(&cell)) {
    json.boolean(*flag);
  } else {
    json.null();
  }
}

std::string render_short(const Cell& cell) {
  return render(cell, 6);
}

std::string render_exact(const Cell& cell) {
  return render(cell, 0);
}

std::string render_rough_time(double seconds) {
  // Rounded first, so that 59.9 s is a minute and not 60 s.
  const auto rounded = [](double value) {
    return value < 10 ? std::round(value * 10) / 10 : std::round(value);
  };
  if (rounded(seconds) < 60) {
    return render_short(seconds < 0.1 ? std::round(seconds * 1000) / 1000 : rounded(seconds)) +
           " s";
  }
  if (rounded(seconds / 60) < 60) {
    return render_short(rounded(seconds / 60)) + " min";
  }
  return render_short(rounded(seconds / 3600)) + " h";
}

}  // namespace glimpse::reports
