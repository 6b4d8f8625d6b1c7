#pragma once

// Runs or studies side by side as one HTML file that needs nothing beside it. Pure.

#include <string>
#include <vector>

#include "reports/html/page_content.h"
#include "reports/text_table.h"

namespace glimpse::reports {

struct ComparisonPart {
  std::string title = {};
  TextTable table = {};
  std::string nothing = {};  // what is said where the table has no rows
};

struct ComparisonContent {
  std::string title = {};  // "a and b"
  std::string lead = {};
  std::vector<ComparisonPart> parts = {};
  CurveContent curves = {};
};

std::string render_comparison(const ComparisonContent& content);

}  // namespace glimpse::reports
