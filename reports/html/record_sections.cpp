// What failed, what it cost, where it ran and how: facts without a chart of their own scale.

#include <algorithm>
#include <cstddef>
#include <map>

#include "reports/charts/bar_chart.h"
#include "reports/charts/number_text.h"
#include "reports/html/page_parts.h"
#include "reports/html/run_links.h"
#include "reports/html/sections.h"

namespace glimpse::reports {
namespace {

constexpr int kHourDecimals = 2;

// "3 oom, 1 hung", the most frequent first.
std::string count_kinds(const std::vector<FailureContent>& failures) {
  std::map<std::string, int> counts;
  for (const FailureContent& failure : failures) {
    ++counts[failure.kind];
  }
  std::vector<std::pair<std::string, int>> sorted(counts.begin(), counts.end());
  std::ranges::stable_sort(sorted, std::greater(), &std::pair<std::string, int>::second);
  std::string text;
  for (const auto& [kind, count] : sorted) {
    text += (text.empty() ? "" : ", ") + std::to_string(count) + ' ' + kind;
  }
  return text;
}

DataTable list_costs(const std::vector<CostContent>& costs) {
  DataTable table(Id("costs"),
                  "Cost of each configuration",
                  {{"configuration"},
                   {"runs", true},
                   {"device hours", true},
                   {"images per second", true},
                   {"peak memory", true}});
  for (const CostContent& cost : costs) {
    const std::optional<double>& memory = cost.peak_memory_bytes;
    table.add({row_heading(cost.label),
               count_cell(cost.runs),
               fixed_cell(cost.device_hours, kHourDecimals),
               fixed_cell(cost.images_per_s, 0),
               number_cell(memory ? render_bytes(*memory) : "", memory)});
  }
  return table;
}

BarChart chart_costs(const std::vector<CostContent>& costs, std::size_t number) {
  BarChart chart{.text = {Id("cost", number),
                          "Device hours of each configuration",
                          "A bar per configuration."}};
  for (const CostContent& cost : costs) {
    chart.rows.push_back(
        {cost.label, cost.device_hours, render_fixed(cost.device_hours, kHourDecimals) + " h"});
  }
  return chart;
}

}  // namespace

Element render_failures(const std::vector<FailureContent>& failures, const RunLinks& links) {
  Element section = make_section("failures", "What failed");
  if (failures.empty()) {
    return section.add(make_paragraph("No attempt failed."));
  }
  DataTable table(Id("failed"),
                  "Failed attempts by class",
                  {{"class"}, {"run"}, {"attempt", true}, {"node"}, {"message"}, {"the run then"}});
  std::vector<FailureContent> sorted = failures;
  std::ranges::stable_sort(sorted, std::less(), &FailureContent::kind);
  for (const FailureContent& failure : keep_first(sorted)) {
    table.add({row_heading(failure.kind),
               Element("td").add(make_run(failure.run_id, links)),
               number_cell(std::to_string(failure.attempt), static_cast<double>(failure.attempt)),
               name_cell(failure.node),
               text_cell(failure.message).set_class("message"),
               name_cell(failure.outcome)});
  }
  section.add(make_paragraph("Failed attempts: " + count_kinds(failures) + "."));
  note_missing_rows(section, failures.size());
  return section.add(table.render());
}

Element render_costs(const std::vector<CostContent>& all) {
  Element section = make_section("cost", "Cost");
  if (all.empty()) {
    return section.add(make_note("No time has been recorded."));
  }
  const std::vector<CostContent> costs = keep_first(all);
  note_missing_rows(section, all.size());
  const Drawings drawings{draw_bar_chart(chart_costs(costs, 0), kWide),
                          draw_bar_chart(chart_costs(costs, 1), kNarrow)};
  return section.add(make_figure(
      drawings, "Device hours, all attempts counted.", list_costs(costs), DataPlace::kOpen));
}

Element render_environments(const std::vector<EnvironmentContent>& environments) {
  Element section = make_section("environment", "Environment");
  if (environments.empty()) {
    return section.add(make_note("No environment has been recorded."));
  }
  for (const EnvironmentContent& environment : environments) {
    Element list("dl");
    list.set_class("properties");
    for (const Fact& fact : environment.facts) {
      list.add(Element("dt").text(fact.name)).add(Element("dd").text(fact.value));
    }
    section.add(Element("h3").add(make_name(environment.title))).add(list);
  }
  return section;
}

Element render_commands(const std::vector<CommandContent>& commands) {
  Element section = make_section("commands", "Commands");
  if (commands.empty()) {
    return section.add(make_note("No command has been recorded."));
  }
  section.add(make_note("What makes each row of the table again."));
  Element list("dl");
  list.set_class("commands");
  for (const CommandContent& command : commands) {
    list.add(Element("dt").add(make_name(command.label)));
    list.add(Element("dd").add(Element("code").text(command.command)));
  }
  return section.add(list);
}

}  // namespace glimpse::reports
