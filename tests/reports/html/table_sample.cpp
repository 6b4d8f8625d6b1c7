#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "experiments/philox.h"
#include "tests/reports/html/sample_content.h"
#include "tests/reports/html/sample_pictures.h"

namespace glimpse::reports {
namespace {

using experiments::Assignment;
using experiments::RandomStream;
using experiments::Value;

constexpr int kEpochs = 300;
constexpr std::uint64_t kSeeds = 5;

struct SampleCell {
  std::string model;
  int downsample = 0;  // 0: conv
  double published = 0;
  double mean = 0;
  double spread = 0;
};

// Means and spreads are made up; the published figures are the paper's.
const std::vector<SampleCell>& sample_cells() {
  static const std::vector<SampleCell> kCells = {{"rnn-spn", 1, 1.8, 1.83, 0.10},
                                                 {"rnn-spn", 2, 1.5, 1.52, 0.08},
                                                 {"rnn-spn", 3, 1.8, 1.75, 0.11},
                                                 {"rnn-spn", 4, 2.3, 2.42, 0.16},
                                                 {"ffn-spn", 1, 4.4, 4.12, 0.34},
                                                 {"ffn-spn", 2, 2.0, 2.05, 0.10},
                                                 {"ffn-spn", 3, 2.9, 2.84, 0.15},
                                                 {"ffn-spn", 4, 5.3, 6.31, 0.36},
                                                 {"conv", 0, 2.9, 2.95, 0.12}};
  return kCells;
}

Assignment place_of(const SampleCell& cell) {
  Assignment place = {{"model", cell.model}};
  if (cell.downsample > 0) {
    place.emplace("downsample", static_cast<double>(cell.downsample));
  }
  return place;
}

RandomStream stream(std::uint32_t what, std::uint32_t number) {
  return RandomStream(1, experiments::Purpose::kSearch, what, number);
}

// Enough like a bell, without the C library's logarithm.
double wobble(RandomStream& random) {
  return random.uniform() + random.uniform() + random.uniform() - 1.5;
}

std::string run_id(std::size_t cell, std::uint64_t seed) {
  RandomStream random = stream(1, static_cast<std::uint32_t>(cell * 100 + seed));
  std::string id;
  for (int i = 0; i < 32; ++i) {
    id += "0123456789abcdef"[random.below(16)];
  }
  return id;
}

experiments::Table plan() {
  experiments::Table table;
  table.rows = "model";
  table.columns = "downsample";
  using Kind = experiments::Claim::Kind;
  for (const SampleCell& cell : sample_cells()) {
    table.published.push_back({place_of(cell), cell.published});
  }
  const auto place = [](std::size_t cell) { return place_of(sample_cells()[cell]); };
  for (std::size_t i = 0; i < 4; ++i) {
    table.claims.push_back({Kind::kBelow, place(i), place(i + 4)});
  }
  table.claims.push_back({Kind::kBelow, place(1), place(8)});
  table.claims.push_back({Kind::kBest, place(1), {{"model", std::string("rnn-spn")}}});
  return table;
}

CellRuns run_cell(std::size_t number) {
  const SampleCell& cell = sample_cells()[number];
  CellRuns runs{.place = place_of(cell), .configuration = place_of(cell)};
  runs.configuration.emplace("dropout", 0.2);
  RandomStream random = stream(2, static_cast<std::uint32_t>(number));
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SeedResult result{.seed = seed, .run_id = run_id(number, seed), .state = "done"};
    result.value = std::round((cell.mean + 1.6 * cell.spread * wobble(random)) * 100) / 100;
    if (number == 6 && seed == 4) {
      result.state = "diverged";
      result.value.reset();
    }
    runs.seeds.push_back(result);
  }
  return runs;
}

TableContent make_table() {
  TableContent table{.plan = plan(), .unit = "%"};
  std::vector<CellRuns> cells;
  for (std::size_t i = 0; i < sample_cells().size(); ++i) {
    cells.push_back(run_cell(i));
  }
  table.results = assess(table.plan, experiments::Goal::kMinimize, std::move(cells), {});
  experiments::Study study;
  study.parameters = {{"model",
                       std::vector<experiments::Value>{
                           std::string("rnn-spn"), std::string("ffn-spn"), std::string("conv")}}};
  table.paper = lay_out(study, table.plan, table.results);
  return table;
}

CurveSeed make_curve(const ResultCell& cell, std::size_t number, std::size_t seed) {
  CurveSeed curve{.seed = cell.runs.seeds[seed].seed};
  RandomStream random = stream(3, static_cast<std::uint32_t>(number * 10 + seed));
  const double last = cell.runs.seeds[seed].value.value_or(6) + 0.1;
  const double pace = 4 + 3 * random.uniform() + static_cast<double>(number % 4);
  const double seconds = (number < 4 ? 96 : 52) + 8 * random.uniform();
  for (int epoch = 1; epoch <= kEpochs; ++epoch) {
    const double left = 1 / (1 + std::pow(epoch / pace, 1.7));
    const double noise = 1 + 0.16 * wobble(random) / std::sqrt(1 + epoch / 40.0);
    curve.epochs.push_back(epoch);
    curve.values.push_back((last + (88 - last) * left) * noise);
    curve.seconds.push_back(seconds * epoch);
  }
  const auto best = std::ranges::min_element(curve.values);
  curve.best_epoch = curve.epochs[static_cast<std::size_t>(best - curve.values.begin())];
  return curve;
}

CurveContent make_curves(const TableContent& table) {
  CurveContent curves{.metric = "valid_error"};
  std::map<std::string, std::size_t> panels;
  for (std::size_t i = 0; i < sample_cells().size(); ++i) {
    const SampleCell& cell = sample_cells()[i];
    const auto [panel, is_new] = panels.emplace(cell.model, curves.panels.size());
    if (is_new) {
      curves.panels.push_back({.title = cell.model});
    }
    Curve curve{.label = cell.downsample > 0 ? "d " + std::to_string(cell.downsample) : cell.model};
    for (std::size_t seed = 0; seed < kSeeds; ++seed) {
      curve.seeds.push_back(make_curve(table.results.cells[i], i, seed));
    }
    curves.panels[panel->second].curves.push_back(std::move(curve));
  }
  return curves;
}

std::vector<StripContent> make_strips(const TableContent& table) {
  std::vector<StripContent> strips;
  for (const ResultCell& cell : table.results.cells) {
    StripContent strip{.label = describe_place(table.plan, cell.runs.place),
                       .interval = cell.interval,
                       .published = cell.published};
    for (const SeedResult& seed : cell.runs.seeds) {
      if (seed.value) {
        strip.values.push_back(*seed.value);
      } else {
        strip.note = "1 " + seed.state;
      }
    }
    strip.mean = cell.is_complete ? std::optional(cell.sample.mean) : std::nullopt;
    strips.push_back(std::move(strip));
  }
  return strips;
}

std::vector<TrialPoint> make_trials() {
  const std::array<double, 3> dropouts = {0, 0.2, 0.5};
  std::vector<TrialPoint> trials;
  RandomStream random = stream(4, 0);
  for (std::size_t i = 0; i < 90; ++i) {
    const SampleCell& cell = sample_cells()[i % sample_cells().size()];
    const double dropout = dropouts.at(i / sample_cells().size() % 3);
    const double rate = 1e-4 * std::pow(10, 2 * random.uniform());
    TrialPoint trial{.run_id = run_id(i, 50)};
    trial.values = {
        cell.model,
        cell.downsample > 0 ? std::optional<Value>(double(cell.downsample)) : std::nullopt,
        dropout,
        std::round(rate * 1e6) / 1e6};
    const double miss = std::log10(rate / 5e-4);
    trial.outcome = cell.mean + 1.4 * miss * miss + 2 * (dropout - 0.2) * (dropout - 0.2) +
                    0.3 * wobble(random);
    if (i == 41) {
      trial.outcome.reset();
    }
    trials.push_back(std::move(trial));
  }
  return trials;
}

std::optional<Sample> sample_where(const std::vector<TrialPoint>& trials,
                                   std::size_t parameter,
                                   const std::optional<Value>& value,
                                   std::size_t other,
                                   const std::optional<Value>& other_value) {
  std::vector<double> values;
  for (const TrialPoint& trial : trials) {
    if (trial.outcome && trial.values[parameter] == value &&
        (!other_value || trial.values[other] == other_value)) {
      values.push_back(*trial.outcome);
    }
  }
  return values.empty() ? std::nullopt : std::optional(summarize(values));
}

ParameterEffect make_effect(const std::vector<TrialPoint>& trials,
                            std::string name,
                            std::size_t parameter,
                            const std::vector<Value>& values,
                            double share) {
  ParameterEffect effect{.parameter = std::move(name),
                         .has_order = std::holds_alternative<double>(values.front()),
                         .share = share};
  for (const Value& value : values) {
    const Sample sample =
        sample_where(trials, parameter, value, parameter, std::nullopt).value_or(Sample{});
    effect.levels.push_back(
        {experiments::render_plain(value), sample.n, sample.mean, mean_interval(sample)});
  }
  return effect;
}

ParameterContent make_parameters() {
  const std::vector<Value> models = {
      std::string("rnn-spn"), std::string("ffn-spn"), std::string("conv")};
  const std::vector<Value> factors = {1.0, 2.0, 3.0, 4.0};
  const std::vector<Value> dropouts = {0.0, 0.2, 0.5};
  ParameterContent content{.outcome = "valid_error",
                           .parameters = {"model", "downsample", "dropout", "learning_rate"},
                           .is_log = {false, false, false, true},
                           .trials = make_trials()};
  content.effects = {make_effect(content.trials, "downsample", 1, factors, 0.41),
                     make_effect(content.trials, "model", 0, models, 0.33),
                     make_effect(content.trials, "dropout", 2, dropouts, 0.06)};
  PairEffect pair{.x_name = "downsample",
                  .y_name = "model",
                  .x_values = {"1", "2", "3", "4"},
                  .y_values = {"rnn-spn", "ffn-spn"}};
  for (std::size_t model = 0; model < 2; ++model) {
    pair.means.emplace_back();
    for (const Value& factor : factors) {
      const std::optional<Sample> sample =
          sample_where(content.trials, 0, models[model], 1, factor);
      pair.means.back().push_back(sample ? std::optional(sample->mean) : std::nullopt);
    }
  }
  content.top_pair = std::move(pair);
  return content;
}

std::vector<GalleryItem> make_gallery() {
  std::vector<GalleryItem> gallery;
  const std::array readers = {SampleReader{"rnn-spn, downsample 2", run_id(1, 1), 2, 3},
                              SampleReader{"rnn-spn, downsample 3", run_id(2, 1), 3, 4},
                              SampleReader{"ffn-spn, downsample 3", run_id(6, 1), 3, 8},
                              SampleReader{"conv", run_id(8, 1), 0, 9}};
  for (const SampleReader& reader : readers) {
    const std::vector<GalleryItem> items = read_pictures(reader, 24);
    gallery.insert(gallery.end(), items.begin(), items.end());
  }
  return gallery;
}

std::vector<FailureContent> make_failures() {
  return {{"oom",
           run_id(7, 2),
           1,
           "node03",
           "CUDA out of memory: tried to allocate 1.21 GiB while three trials shared the device",
           "done"},
          {"hung", run_id(4, 3), 1, "node01", "no progress for 64 s in phase train", "done"},
          {"oom",
           run_id(7, 5),
           1,
           "node03",
           "CUDA out of memory: tried to allocate 1.21 GiB while three trials shared the device",
           "done"}};
}

std::vector<CostContent> make_costs(const TableContent& table) {
  std::vector<CostContent> costs;
  for (std::size_t i = 0; i < sample_cells().size(); ++i) {
    const auto number = static_cast<double>(i);
    costs.push_back({describe_place(table.plan, table.results.cells[i].runs.place),
                     7,
                     (i < 4 ? 8.2 : 4.4) * 7 / (1 + number / 5),
                     818 + 211 * number,
                     (2.4 - number / 8) * 1024 * 1024 * 1024});
  }
  return costs;
}

std::vector<EnvironmentContent> make_environments() {
  return {{"1: 61 of 63 runs",
           {{"program", "glimpse 0.1.0, commit be4ab14, g++ 12.2, Release"},
            {"libraries", "LibTorch 2.11.0, CUDA 13.0, cuDNN 9.10"},
            {"device", "NVIDIA H100 80GB HBM3, driver 580.65"},
            {"node", "node01, node02: 2 x AMD EPYC 9454, 755 GiB"},
            {"settings", "deterministic kernels, full precision (no TF32)"}}},
          {"2: 2 of 63 runs",
           {{"program", "glimpse 0.1.0, commit be4ab14, g++ 12.2, Release"},
            {"device", "NVIDIA A100-SXM4-40GB, driver 580.65"},
            {"node", "node03"}}}};
}

std::vector<CommandContent> make_commands() {
  return {{"the whole table", "glimpse run table1 seeds=5"},
          {"rnn-spn", "glimpse run table1 model=rnn-spn seeds=5"},
          {"ffn-spn", "glimpse run table1 model=ffn-spn seeds=5"},
          {"conv", "glimpse run table1 model=conv seeds=5"}};
}

}  // namespace

PageContent table_sample() {
  PageContent content;
  content.table = make_table();
  content.overview = {"table1",
                      "Table 1 of \"Recurrent Spatial Transformer Networks\" (arXiv 1509.05329). "
                      "Every number on this page is made up: it is a sample.",
                      {{"Runs", "63, 62 completed"},
                       {"Seeds", "1 to 5"},
                       {"Device hours", "197.4"},
                       {"Dataset", "cluttered-sequences f7371ef258cf"},
                       {"Study revision", "1, text 5d41402abc4b"},
                       {"Program", "glimpse 0.1.0"}}};
  content.curves = make_curves(*content.table);
  content.strips = make_strips(*content.table);
  content.parameters = make_parameters();
  content.gallery = make_gallery();
  content.failures = make_failures();
  content.costs = make_costs(*content.table);
  content.environments = make_environments();
  content.commands = make_commands();
  return content;
}

}  // namespace glimpse::reports
