#pragma once

// Rows and columns as text: one model, four forms. What people look at is aligned and rounded; what
// programs read is exact. A writer is used by one thread.

#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "experiments/json_writer.h"

namespace glimpse::reports {

enum class TableFormat { kTable, kCsv, kJsonl, kMarkdown };

// monostate: no value. It shows as nothing, and as null in JSON.
using Cell = std::variant<std::monostate, bool, std::int64_t, double, std::string>;
using Row = std::vector<Cell>;

struct TextTable {
  std::vector<std::string> columns;
  std::vector<Row> rows;  // each as long as `columns`
};

struct TableStyle {
  TableFormat format = TableFormat::kTable;
  std::size_t width = 0;     // columns of the screen; 0: as wide as it gets
  bool has_heading = true;   // of kTable: the line with the columns' names
  bool has_colour = false;   // headings stand out
  bool to_terminal = false;  // then CSV and JSON lines are escaped too; the other forms always are
};

// Rows leave as they come, but for kTable, whose widths are known only at the end.
class TableWriter {
 public:
  TableWriter(std::ostream& out, const TableStyle& style, std::vector<std::string> columns);

  void add(const Row& row);
  void finish();

 private:
  void add_aligned(const Row& row);
  void fit_to_screen();
  [[nodiscard]] std::string align(const std::vector<std::string>& cells) const;
  void write_csv(const Row& row);
  void write_jsonl(const Row& row);
  void write_markdown(const Row& row);

  struct AlignedColumn {
    std::size_t width = 0;
    bool is_number = true;
  };
  std::ostream& out_;
  TableStyle style_;
  std::vector<std::string> columns_;
  std::vector<AlignedColumn> aligned_;
  std::vector<std::vector<std::string>> lines_;
};

void write_table(std::ostream& out, const TextTable& table, const TableStyle& style);

// An array with one object per row.
void append_json_rows(experiments::JsonWriter& json, const TextTable& table);
void append_json_cell(experiments::JsonWriter& json, const Cell& cell);

// For people: numbers to six significant digits.
std::string render_short(const Cell& cell);
// For programs: the shortest text that reads back as the same number.
std::string render_exact(const Cell& cell);
// For people: "8.1 s", "2.4 min" or "125 h", to two digits, and whole hours from 100 on.
std::string render_rough_time(double seconds);

}  // namespace glimpse::reports
