#include "tests/experiments/json/study_generator.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <rapidcheck.h>

#include "experiments/faults.h"
#include "experiments/model_table.h"

namespace glimpse::experiments {
namespace {

int whole(int from, int to) {
  return *rc::gen::inRange(from, to + 1);
}

bool coin() {
  return whole(0, 1) == 1;
}

double fraction() {
  return whole(0, 1'000'000) / 1e6;
}

template <typename T>
T one_of(const std::vector<T>& choices) {
  return choices.at(static_cast<std::size_t>(whole(0, static_cast<int>(choices.size()) - 1)));
}

// Everything that JSON has to escape or to leave alone.
std::string random_text() {
  static const std::vector<std::string> kPieces{"a",
                                                "Z",
                                                "0",
                                                " ",
                                                "\"",
                                                "\\",
                                                "/",
                                                "\n",
                                                "\t",
                                                "\x01",
                                                "\x7f",
                                                "ä",
                                                "网",
                                                "\xF0\x9F\x98\x80",
                                                "//",
                                                "/*",
                                                "{lr}"};
  std::string text;
  for (int i = whole(0, 8); i > 0; --i) {
    text += one_of(kPieces);
  }
  return text;
}

std::string random_name() {
  std::string name = one_of<std::string>({"a", "B", "_", "7"});
  for (int i = whole(0, 6); i > 0; --i) {
    name += one_of<std::string>({"x", "Y", "-", ".", "_", "3"});
  }
  return name;
}

// A legal value of a row.
Value random_value(const ParameterRow& row) {
  switch (row.type) {
    case ParameterType::kBool:
      return coin();
    case ParameterType::kInteger:
      return std::min(row.max, row.min + whole(0, 1000));
    case ParameterType::kReal:
      return row.min + (row.max - row.min) * fraction() * one_of<double>({1, 1e-3, 1e-6});
    case ParameterType::kText:
      return random_name();
    case ParameterType::kChoice:
      break;
  }
  return one_of(row.choices);
}

const ParameterRow& first_row(const std::string& name) {
  const auto rows = parameter_rows();
  return *std::find_if(
      rows.begin(), rows.end(), [&](const ParameterRow& row) { return row.name == name; });
}

std::vector<Value> distinct_values(const ParameterRow& row) {
  std::set<Value> values;
  for (int i = whole(1, 4); i > 0; --i) {
    values.insert(random_value(row));
  }
  return {values.begin(), values.end()};
}

Range random_range(const ParameterRow& row) {
  const bool is_whole = row.type == ParameterType::kInteger;
  if (!is_whole && whole(0, 3) == 0) {
    return {Distribution::kNormal, std::get<double>(random_value(row)), 1e-9 + fraction()};
  }
  const double low = std::get<double>(random_value(row));
  double high = std::get<double>(random_value(row));
  if (high == low) {
    high = low == row.max ? row.min : row.max;
  }
  const auto [min, max] = std::minmax(low, high);
  if (is_whole) {
    return {Distribution::kIntUniform, min, max};
  }
  const bool may_log = min > 0 && coin();
  return {may_log ? Distribution::kLogUniform : Distribution::kUniform, min, max};
}

Space random_space(const ParameterRow& row, Method method) {
  const bool is_number = row.type == ParameterType::kInteger || row.type == ParameterType::kReal;
  if (method == Method::kRandom && is_number && coin()) {
    return random_range(row);
  }
  std::vector<Value> values = distinct_values(row);
  if (method == Method::kList) {
    values.resize(1);
  }
  return values;
}

const std::vector<std::string> kNames{"batch_size",
                                      "beta1",
                                      "clip",
                                      "dense",
                                      "downsample",
                                      "dropout",
                                      "epochs",
                                      "learning_rate",
                                      "exact_train_error",
                                      "model",
                                      "optimizer",
                                      "sampler"};

DatasetSpec random_dataset() {
  DatasetSpec spec;
  if (whole(0, 5) == 0) {
    spec.file = random_name() + ".h5";
    return spec;
  }
  spec.source = coin() ? DigitSourceKind::kMnist : DigitSourceKind::kBuiltin;
  spec.seed = static_cast<std::uint64_t>(whole(0, 1'000'000));
  spec.digits = whole(1, 4);
  spec.digit_side = whole(4, 28);
  spec.width = std::max(8, spec.digits * spec.digit_side + whole(0, 60));
  spec.height = std::max(8, spec.digit_side + whole(0, 60));
  spec.patches = whole(0, 9);
  spec.patch_side = whole(1, spec.digit_side - 1);
  spec.slope = coin() ? SlopeRange::kCode : SlopeRange::kPaper;
  spec.clutter = one_of<ClutterBank>(
      {ClutterBank::kTrainValid, ClutterBank::kPerSplit, ClutterBank::kTrainTwiceValid});
  spec.train = whole(1, 100'000);
  spec.shuffle_labels = coin();
  return spec;
}

void add_parameters(Study& study) {
  std::set<std::string> names;
  for (int i = whole(0, 5); i > 0; --i) {
    names.insert(one_of(kNames));
  }
  for (const std::string& name : names) {
    study.parameters.push_back({name, random_space(first_row(name), study.method)});
  }
}

void add_command(Study& study) {
  study.kind = StudyKind::kCommand;
  study.command = {"./run", "--x={x}", random_text()};
  if (coin()) {
    study.code_files = {"run", "größe.py"};
  }
  study.report = coin() ? ReportVia::kFd : ReportVia::kStdout;
  study.metric = {random_name(), coin() ? Goal::kMinimize : Goal::kMaximize};
  while (study.metric.name.starts_with("test")) {
    study.metric.name = random_name();
  }
  std::set<std::string> names;
  for (int i = whole(0, 3); i > 0; --i) {
    names.insert(random_name());
  }
  for (const std::string& name : names) {
    std::vector<Value> values{random_text()};
    if (study.method != Method::kList) {
      values.insert(values.end(), {true, fraction(), 1e300, -0.5});
    }
    study.parameters.push_back({name, values});
  }
}

Assignment random_assignment() {
  Assignment assignment;
  for (int i = whole(1, 3); i > 0; --i) {
    const std::string name = one_of(kNames);
    assignment[name] = random_value(first_row(name));
  }
  return assignment;
}

void add_search(Study& study) {
  if (study.method == Method::kList) {
    for (int i = whole(1, 3); i > 0; --i) {
      study.points.push_back(random_assignment());
    }
    // Takes every value that the study gives beside its points.
    study.points.push_back({{"hidden", 8.0}});
  }
  if (study.method == Method::kRandom || coin()) {
    study.run_cap = whole(1, 10'000'000);
  }
  for (int i = whole(0, 2); i > 0; --i) {
    study.exclude.push_back(random_assignment());
  }
  const auto gives = [&](const std::string& name) {
    return std::any_of(study.parameters.begin(), study.parameters.end(), [&](const Parameter& one) {
      return one.name == name;
    });
  };
  // One edge, and none that the model table has the other way round.
  if (gives("dropout") && coin()) {
    study.when["dropout"] = {{"batch_size", distinct_values(first_row("batch_size"))}};
  }
}

// Those that the study gives, or the default.
std::vector<Value> models_of(const Study& study) {
  for (const Parameter& parameter : study.parameters) {
    if (parameter.name == "model") {
      return std::get<std::vector<Value>>(parameter.space);
    }
  }
  return {first_row("model").default_value};
}

Table random_table(const Study& study) {
  Table table;
  table.metric = one_of<std::string>({"test_error", "valid_error", "test_sequence_error"});
  table.rows = "model";
  table.columns = coin() ? "downsample" : "";
  table.margin = fraction();
  const std::vector<Value> models = models_of(study);
  for (const Value& model : models) {
    table.published.push_back({{{"model", model}}, fraction() * 10 - 5});
    table.claims.push_back({coin() ? Claim::Kind::kBelow : Claim::Kind::kBest,
                            {{"model", model}},
                            {{"model", one_of(models)}}});
  }
  for (const Parameter& parameter : study.parameters) {
    const auto* values = std::get_if<std::vector<Value>>(&parameter.space);
    const bool is_axis = parameter.name == table.rows || parameter.name == table.columns;
    if (values != nullptr && values->size() > 1 && !is_axis) {
      table.select =
          Selection{"valid_loss", {parameter.name}, whole(1, static_cast<int>(study.seeds.size()))};
      table.select->best = "valid_error";
    }
  }
  return table;
}

Limits random_limits() {
  Limits limits;
  if (coin()) {
    limits.trial_time_s = whole(1, 1'000'000) + fraction();
    limits.silence_s = 60.0 * whole(1, 1000);
    limits.device_hours = fraction() * 1000;
  }
  limits.stop_if = {whole(1, 100), whole(1, 100), fraction()};
  if (coin()) {
    limits.rlimits = {{"as", static_cast<std::uint64_t>(whole(0, 1'000'000)) << whole(0, 30)},
                      {"nofile", static_cast<std::uint64_t>(whole(0, 1000))}};
    limits.log_patterns = {
        {"out of (device )?memory",
         std::string(one_of(std::vector<std::string_view>{"oom", "cuda", "hung"}))}};
  }
  return limits;
}

Resources random_resources() {
  Resources resources{whole(0, 8), whole(1, 64), whole(1, 8), std::nullopt, 0};
  if (coin()) {
    resources.trials_per_gpu = whole(1, 64);
    resources.memory_bytes =
        (std::uint64_t{1} << 20) + static_cast<std::uint64_t>(whole(0, 1 << 30));
  }
  return resources;
}

}  // namespace

Study random_study() {
  Study study;
  study.name = random_name();
  study.method = one_of<Method>({Method::kGrid, Method::kList, Method::kRandom});
  study.seed = static_cast<std::uint64_t>(whole(0, 1'000'000)) << whole(0, 33);
  study.seeds.clear();
  const int step = whole(1, 3);
  for (int i = 0; i < 4; ++i) {
    study.seeds.push_back(static_cast<std::uint64_t>(1 + i * step));
  }
  if (whole(0, 3) == 0) {
    study.method = Method::kGrid;
    add_command(study);
  } else {
    study.dataset = random_dataset();
    add_parameters(study);
    add_search(study);
    if (coin()) {
      study.table = random_table(study);
    }
  }
  study.arm = coin() ? random_text() : "";
  study.notes = random_text();
  study.checkpoint_every_s = whole(1, 100'000);
  study.resources = random_resources();
  study.retry_max = whole(0, 10);
  study.limits = random_limits();
  return study;
}

}  // namespace glimpse::experiments
