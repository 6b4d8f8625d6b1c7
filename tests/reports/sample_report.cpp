#include "tests/reports/sample_report.h"

#include <array>

#include "experiments/json/shipped_studies.h"
#include "experiments/json/study_json.h"

namespace glimpse::tests {
namespace {

using experiments::Assignment;
using experiments::Study;
using reports::StudyResults;

constexpr std::size_t kSeeds = 5;

// Percent points beside the published figure, by cell and seed.
double offset(std::size_t cell, std::size_t seed) {
  constexpr std::array<double, kSeeds> kSpread = {-0.06, 0.04, 0.0, 0.07, -0.03};
  constexpr std::array<double, 9> kShift = {0.02, 0.01, -0.02, 0.05, -1.2, 0.15, 0.9, 0.2, 0.0};
  return kShift.at(cell) + kSpread.at((seed + cell) % kSeeds) * (cell == 7 ? 5 : 1);
}

void add_cell(const experiments::PublishedCell& figure, StudyResults& results) {
  const std::size_t cell = results.configurations.size();
  Assignment configuration = figure.cell;
  configuration.emplace("dropout", 0.2);
  results.configurations.push_back(configuration);
  const auto number = static_cast<std::uint32_t>(cell);
  for (std::size_t seed = 0; seed < kSeeds; ++seed) {
    results.runs.push_back(
        {.run_id = std::string(30, 'a' + static_cast<char>(cell)) + "0" + std::to_string(seed),
         .seed = seed + 1,
         .configuration = number,
         .state = "done",
         .best_epoch = 200,
         .value = figure.value + offset(cell, seed)});
  }
  results.selection.push_back({.candidates = {{number, {}}}, .is_decided = true, .winner = number});
}

}  // namespace

reports::StudyReport sample_report() {
  StudyResults results;
  results.study =
      experiments::parse_study(experiments::find_shipped_study("table1")->text, "table1");
  for (const experiments::PublishedCell& figure : results.study.table->published) {
    add_cell(figure, results);
  }
  return reports::make_report(std::move(results), {});
}

reports::StudyReport hostile_report(const std::string& text) {
  StudyResults results;
  Study& study = results.study;
  study.name = text;
  study.kind = experiments::StudyKind::kCommand;
  study.metric.name = text;
  study.parameters = {{"name", std::vector<experiments::Value>{text}},
                      {text, std::vector<experiments::Value>{text}}};
  study.table.emplace();
  study.table->metric = text;
  study.table->rows = "name";
  study.table->columns = text;
  const Assignment place = {{"name", text}, {text, text}};
  study.table->published = {{place, 1.5}};
  study.table->claims = {{experiments::Claim::Kind::kBelow, place, place}};
  results.configurations = {place};
  results.runs = {{.run_id = "r", .state = "done", .value = 1}};
  return reports::make_report(std::move(results), {text});
}

}  // namespace glimpse::tests
