#include "tests/experiments/json/records_page.h"

#include <sstream>
#include <stdexcept>

#include "tests/support/temp_dir.h"

namespace glimpse::tests {
namespace {

// The lines of the n-th block of JSON.
std::vector<std::string> example_block(int wanted) {
  std::istringstream page(records_page());
  std::vector<std::string> lines;
  bool is_inside = false;
  for (std::string line; std::getline(page, line);) {
    if (line == "```json") {
      is_inside = wanted-- == 0;
    } else if (line == "```") {
      is_inside = false;
    } else if (is_inside) {
      lines.push_back(line);
    }
  }
  if (lines.empty()) {
    throw std::runtime_error("RECORDS.md has fewer examples than it should");
  }
  return lines;
}

}  // namespace

std::string records_page() {
  return load_bytes(GLIMPSE_SOURCE_DIR "/experiments/json/RECORDS.md");
}

std::string shortest_example() {
  return example_block(0).at(0);
}

std::vector<std::string> example_records() {
  return example_block(1);
}

std::vector<std::string> example_commands() {
  return example_block(2);
}

}  // namespace glimpse::tests
