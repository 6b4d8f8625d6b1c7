#pragma once

// Studies beside each other, or single runs: by what they differ, and what that comes to. The first
// side is the one that the others are compared with; a difference is theirs minus its own. Pure.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "reports/study_report.h"
#include "reports/text_table.h"

namespace glimpse::reports {

struct Side {
  std::string name = {};
  std::map<std::string, std::string> settings = {};
  // Of a run: its metrics, each at the run's best epoch.
  std::map<std::string, double> figures = {};
};

// What a study says and what its parameters take, defaults included.
Side side_of(const StudyReport& report);

// One row per setting by which the sides differ, and a column per side.
TextTable setting_rows(const std::vector<Side>& sides);
// One row per metric, a column per side, then the differences. A single run has no spread, so there
// is no test.
TextTable run_rows(const std::vector<Side>& sides);

// A cell that two studies have: in the same place of their tables, or, where they share no place,
// with the same configuration.
struct ComparedCell {
  std::string label = {};
  std::size_t first = 0;  // the cell of the first study
  std::size_t study = 1;  // which one is compared with it
  std::size_t other = 0;  // the cell of that study
  // Nothing where one of the two cells is not complete.
  std::optional<Comparison> comparison = {};
  bool is_paired = false;
  std::optional<double> adjusted_p = {};  // by Holm, over all that are compared

  [[nodiscard]] bool differs() const;
};

// Throws std::invalid_argument unless the tables of all are of one metric.
std::vector<ComparedCell> compare_studies(const std::vector<StudyReport>& studies);

TextTable difference_rows(const std::vector<StudyReport>& studies,
                          const std::vector<ComparedCell>& cells);
// The figures of each study in the cells that are compared.
TextTable figure_rows(const std::vector<StudyReport>& studies,
                      const std::vector<ComparedCell>& cells);
// "1 of 3 cells differs", and how that was judged.
std::string describe_differences(const std::vector<ComparedCell>& cells);

}  // namespace glimpse::reports
