#pragma once

// What a report of one study says before anybody decides how it looks: every renderer prints this.
// Pure.

#include <string>
#include <vector>

#include "reports/paper_table.h"
#include "reports/result_table.h"
#include "reports/study_results.h"
#include "reports/text_table.h"

namespace glimpse::reports {

struct StudyReport {
  StudyResults results = {};
  experiments::Table table = {};  // the study's, or the one that is made for it
  ResultTable assessed = {};
  PaperTable paper = {};
};

StudyReport make_report(StudyResults results, std::vector<std::string> deviations);

// "7 reproduced, 2 inconclusive"
std::string count_verdicts(const ResultTable& results);
// Seeds after which every cell would be decided; 0 where none is open.
std::size_t most_seeds_wanted(const ResultTable& results);

// How the table's figures came about, in whole sentences.
std::vector<std::string> table_notes(const StudyReport& report);
// "holds: difference -0.50, 95 % interval -0.61 to -0.39, p = 0.0004"
std::string describe_answer(const ResultClaim& claim, int decimals);

// One row per cell, per order that is claimed, and per deviation, for programs.
TextTable cell_rows(const StudyReport& report);
TextTable claim_rows(const StudyReport& report);
TextTable deviation_rows(const StudyReport& report);

}  // namespace glimpse::reports
