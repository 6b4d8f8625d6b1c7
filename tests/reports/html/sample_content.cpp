#include "tests/reports/html/sample_content.h"

#include <array>

#include "experiments/philox.h"

namespace glimpse::reports {
namespace {

using experiments::Assignment;

Assignment place(const std::string& model, double downsample) {
  return {{"model", model}, {"downsample", downsample}};
}

CellRuns runs_of(const Assignment& place, const std::vector<double>& values) {
  CellRuns runs{.place = place, .configuration = place};
  for (const double value : values) {
    const std::uint64_t seed = runs.seeds.size() + 1;
    runs.seeds.push_back(
        {.seed = seed, .run_id = "00ff" + std::to_string(seed), .state = "done", .value = value});
  }
  return runs;
}

TableContent tiny_table() {
  TableContent table{.unit = "%"};
  table.plan.rows = "model";
  table.plan.columns = "downsample";
  table.plan.published = {{place("rnn", 1), 1.8}, {place("rnn", 2), 1.5}, {place("ffn", 1), 2.0}};
  table.plan.claims = {{experiments::Claim::Kind::kBelow, place("rnn", 1), place("ffn", 1)}};
  CellRuns broken = runs_of(place("rnn", 2), {1.4});
  broken.seeds.push_back({.seed = 2, .run_id = "00ff2", .state = "diverged"});
  table.results = assess(table.plan,
                         experiments::Goal::kMinimize,
                         {runs_of(place("rnn", 1), {1.7, 1.8, 1.9}),
                          broken,
                          runs_of(place("ffn", 1), {3.1, 3.2, 3.4}),
                          {.place = place("ffn", 2), .is_decided = false}},
                         {});
  experiments::Study study;
  study.parameters = {
      {"model", std::vector<experiments::Value>{std::string("rnn"), std::string("ffn")}}};
  table.paper = lay_out(study, table.plan, table.results);
  return table;
}

CurveContent tiny_curves() {
  Curve curve{.label = "d 1"};
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const auto shift = static_cast<double>(seed);
    curve.seeds.push_back({.seed = seed,
                           .epochs = {1, 2, 3},
                           .values = {60 + shift, 9 + shift, 1 + shift / 4},
                           .seconds = {70, 140, 210},
                           .best_epoch = 3});
  }
  return {"valid_error", {{"rnn", {curve}}}};
}

ParameterContent tiny_parameters() {
  return {.outcome = "valid_error",
          .effects = {{"dropout",
                       true,
                       0.75,
                       {{"0", 3, 1.8, Interval{1.5, 2.1}}, {"0.2", 2, 2.6, std::nullopt}}}},
          .top_pair = PairEffect{"dropout", "model", {"0", "0.2"}, {"rnn"}, {{1.8, std::nullopt}}},
          .parameters = {"dropout", "model"},
          .is_log = {false, false},
          .trials = {{"00ff1", {0.0, std::string("rnn")}, 1.75},
                     {"00ff2", {0.2, std::string("ffn")}, 2.6},
                     {"00ff3", {std::nullopt, std::string("ffn")}, std::nullopt}}};
}

GalleryItem tiny_picture() {
  Picture image{.width = 4, .height = 4};
  image.pixels = {0, 0, 0, 0, 0, 255, 255, 0, 0, 255, 255, 0, 0, 0, 0, 0};
  return {.run_id = "00ff1",
          .model = "rnn",
          .seed = 1,
          .index = 7,
          .image = image,
          .boxes = {{1, 1, 2, 2}},
          .crops = {{2, 2, {255, 255, 255, 255}}},
          .targets = {3},
          .predictions = {8}};
}

std::string text_of(std::uint32_t number) {
  constexpr std::array kParts = {"<script>alert(1)</script>",
                                 "<img src=x onerror=alert(1)>",
                                 "\"><svg onload=alert(1)>",
                                 "' autofocus onfocus='alert(1)",
                                 "</td></tr></table><h1>owned</h1>",
                                 "</script><script>alert(1)</script>",
                                 "</style><style>*{display:none}",
                                 "<!--",
                                 "-->",
                                 "<![CDATA[",
                                 "javascript:alert(1)",
                                 "data:text/html;base64,PHNjcmlwdD4=",
                                 "=HYPERLINK(\"http://evil\",\"x\")",
                                 "@SUM(1+1)",
                                 "+1-1",
                                 "&lt;b&gt;",
                                 "&#60;script&#62;",
                                 "\xe2\x80\xae"
                                 "drowssap",
                                 "\xd7\x90\xd7\x91\xd7\x92",
                                 "\xd9\x85\xd8\xb1\xd8\xad\xd8\xa8\xd8\xa7",
                                 "\xff\xfe\x80",
                                 "\x1b]0;title\x07",
                                 "line\nbreak\r\n",
                                 "\t",
                                 "\xf0\x9f\x92\xa5",
                                 "e\xcc\x81",
                                 "{{7*7}}",
                                 "${7*7}",
                                 "../../etc/passwd",
                                 "con.txt"};
  experiments::RandomStream random(7, experiments::Purpose::kSearch, 0, number);
  std::string text;
  for (std::uint32_t part = random.below(4); part < 4; ++part) {
    text += kParts.at(random.below(kParts.size()));
  }
  return text + std::to_string(number);
}

}  // namespace

PageContent tiny_sample() {
  PageContent content;
  content.overview = {"tiny", "A sample; its numbers are made up.", {{"Runs", "8"}}};
  content.table = tiny_table();
  content.curves = tiny_curves();
  content.strips = {{"rnn", {1.7, 1.8, 1.9}, 1.8, Interval{1.55, 2.05}, 1.8, ""},
                    {"ffn", {3.1}, std::nullopt, std::nullopt, std::nullopt, "1 diverged"}};
  content.parameters = tiny_parameters();
  content.gallery = {tiny_picture()};
  content.failures = {{"oom", "00ff2", 1, "node1", "out of memory", "failed"}};
  content.costs = {{"rnn", 3, 1.25, 818.2, 2.5e9}};
  content.environments = {{"all runs", {{"program", "glimpse"}, {"device", "a GPU"}}}};
  content.commands = {{"rnn", "glimpse run tiny model=rnn"}};
  return content;
}

PageContent empty_sample() {
  PageContent content;
  content.overview.study = "nothing-yet";
  return content;
}

std::vector<std::string> hostile_names(std::size_t count) {
  std::vector<std::string> names;
  for (std::uint32_t i = 0; i < count; ++i) {
    names.push_back(text_of(i));
  }
  if (!names.empty()) {
    names.back() = "<b>" + std::string(std::size_t{64} * 1024, 'w');
  }
  return names;
}

PageContent hostile_sample(const std::vector<std::string>& names) {
  std::size_t next = 0;
  const auto name = [&] { return names[next++ % names.size()]; };
  PageContent content = tiny_sample();
  content.overview = {name(), name(), {{name(), name()}}};
  content.table->plan.metric = name();
  content.table->unit = name();
  content.table->paper.metric = name();
  content.table->paper.row_name = name();
  content.table->paper.column_name = name();
  content.table->paper.columns = {name(), name()};
  for (PaperRow& row : content.table->paper.rows) {
    row.label = name();
  }
  content.table->results.deviations = {name()};
  content.curves = {name(), {{name(), content.curves.panels[0].curves}}};
  content.curves.panels[0].curves[0].label = name();
  content.parameters.outcome = name();
  content.parameters.parameters = {name(), name()};
  content.gallery[0].model = name();
  content.gallery[0].run_id = content.gallery[0].model;
  content.strips.clear();
  content.costs.clear();
  while (next < names.size()) {
    content.strips.push_back({.label = name(), .values = {1}, .note = name()});
    content.costs.push_back({.label = name()});
    // Of a run's id only the beginning is shown.
    const std::string run = name();
    content.failures.push_back({run, run, 1, name(), name(), name()});
    content.environments.push_back({name(), {{name(), name()}}});
    content.commands.push_back({name(), name()});
    content.parameters.trials.push_back({run, {name(), name()}, 1.0});
    content.parameters.effects.push_back({name(), false, 0.1, {{name(), 1, 1.0, std::nullopt}}});
  }
  return content;
}

}  // namespace glimpse::reports
