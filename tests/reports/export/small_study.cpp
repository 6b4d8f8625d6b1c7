#include "tests/reports/export/small_study.h"

#include "experiments/json/study_json.h"
#include "tests/reports/export/export_results.h"
#include "tests/storage/sqlite/samples.h"

namespace glimpse::tests {
namespace {

constexpr const char* kText = R"({
  "name": "small", "kind": "command", "command": ["true"], "seeds": 2,
  "method": "random", "run_cap": 1, "metric": {"name": "loss"},
  "parameters": {"rate": {"min": 0.001, "max": 1, "distribution": "log_uniform"},
                 "seed_of": {"values": ["=a", "b\"c"]}}
})";

}  // namespace

SmallStudy::SmallStudy() {
  fill();
  results_.emplace(dir_ / "results/glimpse.db");
  reader_.emplace(*results_);
  study_ = reader_->read_study("small");
}

void SmallStudy::fill() {
  ExportResults results(folder_.root(), "small", kText, "loss");
  results.plan({{{"rate", 0.1}, {"seed_of", std::string("=a")}}}, 2);
  results.start(0);
  results.end_epoch(0, {{"loss", 0.5}, {"@name, \"x\"", 0.1}});
  results.end_epoch(0, {{"loss", 0.25}});
  crops_ = results.leave_crops(0);
  results.finish(0);
  results.start(1);
  results.end_epoch(1, {{"loss", 3}});
}

experiments::Study SmallStudy::definition() {
  return experiments::parse_study(kText, "small.json");
}

std::string SmallStudy::run_id(std::size_t run) {
  return sample_key(run).substr(0, 32);
}

}  // namespace glimpse::tests
