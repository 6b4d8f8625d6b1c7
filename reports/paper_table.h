#pragma once

// The table as a paper prints it: which cell stands where, and with how many decimals. Pure.

#include <optional>
#include <string>
#include <vector>

#include "experiments/study.h"
#include "reports/result_table.h"

namespace glimpse::reports {

struct PaperRow {
  std::string label = {};
  // By column, places in ResultTable::cells. A figure that has no column is the row's only one and
  // stands across all of them.
  std::vector<std::optional<std::size_t>> cells = {};
  std::optional<std::size_t> across = {};
};

struct PaperTable {
  std::string row_name = {};     // "model"
  std::string column_name = {};  // "downsample"; empty for a table of one column
  std::string metric = {};
  std::vector<std::string> columns = {};  // one without a name in a table of one column
  std::vector<PaperRow> rows = {};
  int decimals = 2;
};

// Rows and columns come in the order in which the study lists their values.
PaperTable lay_out(const experiments::Study& study,
                   const experiments::Table& table,
                   const ResultTable& results);

// "1.50": always so many decimals, whatever the locale.
std::string print_fixed(double value, int decimals);

// Mean and half of its interval, each with the table's decimals: "1.52", "0.08". Nothing where
// there is no mean, or no interval.
struct PrintedFigure {
  std::string mean = {};
  std::string half_width = {};
};
PrintedFigure print_figure(const ResultCell& cell, int decimals);
// As the paper printed it: with the decimals that its figures have.
std::string print_published(const experiments::Table& table, double value);
// "n = 5" for all, or else the range.
std::string describe_seeds(const ResultTable& results);

}  // namespace glimpse::reports
