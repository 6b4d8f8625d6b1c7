#include "reports/render/render_json.h"

#include "experiments/json_writer.h"

namespace glimpse::reports {

std::string render_json(const StudyReport& report) {
  constexpr int kIndent = 2;
  experiments::JsonWriter json(kIndent);
  json.begin_object();
  json.key("version").integer(1);
  json.key("study").string(report.results.study.name);
  json.key("metric").string(report.table.metric);
  json.key("verdicts").string(count_verdicts(report.assessed));
  json.key("cells");
  append_json_rows(json, cell_rows(report));
  json.key("claims");
  append_json_rows(json, claim_rows(report));
  json.key("deviations");
  append_json_rows(json, deviation_rows(report));
  json.end_object();
  return json.text() + '\n';
}

}  // namespace glimpse::reports
