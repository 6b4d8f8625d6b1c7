// sample_page NAME: prints a sample's page. NAME is tiny, table, empty or hostile; "names" prints
// the hostile names as JSON, "svg" a chart of them that stands alone.

#include <iostream>
#include <string>

#include "experiments/json_writer.h"
#include "reports/charts/standalone.h"
#include "reports/charts/strip_chart.h"
#include "reports/html/page.h"
#include "reports/text_width.h"
#include "tests/reports/html/sample_content.h"

namespace glimpse::reports {
namespace {

constexpr std::size_t kHostileNames = 500;

// As a page shows them.
std::string names_as_json() {
  experiments::JsonWriter json;
  json.begin_array();
  for (const std::string& name : hostile_names(kHostileNames)) {
    json.string(escape_controls(name));
  }
  return json.end_array().text();
}

std::string render_chart() {
  StripChart chart{.text = {Id("strip", 0), "title", "description"}};
  for (const std::string& name : hostile_names(kHostileNames)) {
    chart.rows.push_back({.label = name, .values = {1, 2}});
  }
  return render_standalone(draw_strip_chart(chart, 960));
}

std::string render(const std::string& name) {
  if (name == "svg") {
    return render_chart();
  }
  if (name == "names") {
    return names_as_json();
  }
  if (name == "table") {
    return render_page(table_sample());
  }
  if (name == "empty") {
    return render_page(empty_sample());
  }
  return render_page(name == "tiny" ? tiny_sample() : hostile_sample(hostile_names(kHostileNames)));
}

}  // namespace
}  // namespace glimpse::reports

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: sample_page tiny|table|empty|hostile|names|svg\n";
    return 2;
  }
  std::cout << glimpse::reports::render(argv[1]);
  return std::cout.flush() ? 0 : 1;
}
