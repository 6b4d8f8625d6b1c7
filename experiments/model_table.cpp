#include "experiments/model_table.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>
#include <vector>

namespace glimpse::experiments {
namespace {

Condition models(std::initializer_list<const char*> names) {
  return {{"model", {names.begin(), names.end()}}};
}

Condition optimizers(std::initializer_list<const char*> names) {
  return {{"optimizer", {names.begin(), names.end()}}};
}

Condition schedules(std::initializer_list<const char*> names) {
  return {{"schedule", {names.begin(), names.end()}}};
}

constexpr Bounds kEpochs{0, 100000};
constexpr Bounds kUnits{1, 8192};
constexpr Bounds kFilters{1, 1024};

void add_network_rows(std::vector<ParameterRow>& rows) {
  const Condition rnn = models({"rnn-spn"});
  const Condition ffn = models({"ffn-spn"});
  const Condition with_glimpse = models({"rnn-spn", "ffn-spn"});
  rows.insert(
      rows.end(),
      {make_choice("model", {"rnn-spn", "ffn-spn", "conv"}, {}, "network to train"),
       make_real("downsample", 3, {1, 100}, rnn, "side of the image over side of a glimpse"),
       make_real("downsample", 2, {1, 100}, ffn, "side of the image over side of the glimpse"),
       make_choice("sampler",
                   {"border", "lasagne2015", "zeros"},
                   with_glimpse,
                   "what a glimpse sees outside the image, and how its pixels are placed"),
       make_whole("localisation_filters",
                  20,
                  kFilters,
                  with_glimpse,
                  "filters of each convolution that looks for the digits"),
       make_whole("localisation_dense", 200, kUnits, ffn, "units of the layer before theta"),
       make_flag("localisation_dropout",
                 true,
                 rnn,
                 "drop units behind the second convolution that looks for the digits too"),
       make_choice("gru",
                   {"reset_after", "reset_before"},
                   rnn,
                   "reset the state after or before its matrix product"),
       make_whole("hidden", 256, kUnits, rnn, "units of the GRU"),
       make_flag("learned_h0", true, rnn, "train the first state of the GRU; false: zeros"),
       make_whole("filters", 32, kFilters, rnn, "filters of each convolution that reads a glimpse"),
       make_whole("filters",
                  96,
                  kFilters,
                  models({"ffn-spn", "conv"}),
                  "filters of each convolution that reads the digits"),
       make_whole("dense", 400, kUnits, {}, "units of the layer before the softmax"),
       make_flag("third_dropout", false, {}, "drop units behind the third convolution too"),
       make_real("dropout", 0, {0, 0.95}, {}, "share of units dropped in training"),
       make_whole("dropout_warmup",
                  5,
                  kEpochs,
                  rnn,
                  "epochs over which dropout grows to its rate; 0: none")});
}

void add_optimizer_rows(std::vector<ParameterRow>& rows) {
  rows.insert(
      rows.end(),
      {make_choice(
           "optimizer", {"rmsprop", "adam", "adamw", "sgd"}, {}, "rule of the weight update"),
       make_real("learning_rate", 5e-4, {1e-9, 10}, {}, "step size at the start"),
       make_real("rmsprop_decay",
                 0.9,
                 {0, 0.999999},
                 optimizers({"rmsprop"}),
                 "share of the mean square kept per step"),
       make_real("optimizer_epsilon",
                 1e-6,
                 {1e-12, 1},
                 optimizers({"rmsprop"}),
                 "added to the mean square, inside the root"),
       make_real("optimizer_epsilon",
                 1e-8,
                 {1e-12, 1},
                 optimizers({"adam", "adamw"}),
                 "added behind the root"),
       make_real("beta1",
                 0.9,
                 {0, 0.999999},
                 optimizers({"adam", "adamw"}),
                 "share of the mean gradient kept per step"),
       make_real("beta2",
                 0.999,
                 {0, 0.9999999},
                 optimizers({"adam", "adamw"}),
                 "share of the mean square kept per step"),
       make_real("weight_decay",
                 0.01,
                 {0, 1},
                 optimizers({"adamw"}),
                 "share of a weight taken off per step, times the learning rate"),
       make_real("momentum", 0, {0, 0.9999}, optimizers({"sgd"}), "share of the last step kept"),
       make_flag("nesterov", false, optimizers({"sgd"}), "look ahead along the momentum"),
       make_real("clip",
                 1,
                 {0, 1e6},
                 models({"rnn-spn"}),
                 "limit of every element of the gradient, before norm_limit; 0: none"),
       make_real(
           "norm_limit", 5, {0, 1e6}, {}, "limit of the norm of the whole gradient; 0: none")});
}

void add_training_rows(std::vector<ParameterRow>& rows) {
  rows.insert(
      rows.end(),
      {make_whole("batch_size", 100, {1, 65536}, {}, "images per step"),
       make_whole("epochs", 300, {1, 100000}, {}, "passes over the training images, at most"),
       make_choice(
           "schedule", {"paper", "constant", "cosine", "step"}, {}, "how the learning rate falls"),
       make_whole("schedule_start",
                  32,
                  {1, 100000},
                  schedules({"paper"}),
                  "epochs completed when the learning rate is cut first"),
       make_whole(
           "schedule_period", 12, {1, 100000}, schedules({"paper"}), "epochs between two cuts"),
       make_whole("schedule_period",
                  100,
                  {1, 100000},
                  schedules({"step"}),
                  "epochs before the first cut and between two cuts"),
       make_real("schedule_divisor",
                 1.5,
                 {1, 1e6},
                 schedules({"paper"}),
                 "a cut divides the learning rate by this"),
       make_real("schedule_divisor",
                 10,
                 {1, 1e6},
                 schedules({"step"}),
                 "a cut divides the learning rate by this"),
       make_real("schedule_floor",
                 0,
                 {0, 1},
                 schedules({"cosine"}),
                 "learning rate at the end, as a share of that at the start"),
       make_whole("early_stop",
                  50,
                  kEpochs,
                  {},
                  "epochs in a row without a gain on validation that end a run; 0: never"),
       make_real("loss_epsilon", 1e-5, {0, 0.1}, {}, "added to a probability before its logarithm"),
       make_flag("exact_train_error",
                 false,
                 {},
                 "measure train_error in a pass of its own, without dropout, after every epoch")});
}

std::vector<ParameterRow> make_rows() {
  std::vector<ParameterRow> rows;
  add_network_rows(rows);
  add_optimizer_rows(rows);
  add_training_rows(rows);
  return rows;
}

// Calls use(row, value) for every row that applies, with the given or default value.
template <typename Use>
void for_each_applicable(const Assignment& given, const Use& use) {
  Assignment resolved;
  for (const ParameterRow& row : parameter_rows()) {
    if (!holds(row.when, resolved)) {
      continue;
    }
    const auto found = given.find(row.name);
    const Value& value = found == given.end() ? row.default_value : found->second;
    resolved.emplace(row.name, value);
    use(row, value);
  }
}

}  // namespace

std::span<const ModelRow> model_rows() {
  static const std::array<ModelRow, 3> rows = {
      ModelRow{"rnn-spn", 1, "recurrent spatial transformer: one glimpse per digit"},
      ModelRow{"ffn-spn", 1, "feed-forward spatial transformer: one glimpse per image"},
      ModelRow{"conv", 1, "convolutional network that reads the whole image"},
  };
  return rows;
}

const ModelRow* find_model(std::string_view name) {
  const auto rows = model_rows();
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const ModelRow& row) { return row.name == name; });
  return found == rows.end() ? nullptr : &*found;
}

std::span<const ParameterRow> parameter_rows() {
  static const std::vector<ParameterRow> rows = make_rows();
  return rows;
}

bool is_parameter(std::string_view name) {
  const auto rows = parameter_rows();
  return std::any_of(
      rows.begin(), rows.end(), [&](const ParameterRow& row) { return row.name == name; });
}

const ParameterRow* find_row(std::string_view name, const Assignment& assignment) {
  const ParameterRow* found = nullptr;
  for_each_applicable(assignment, [&](const ParameterRow& row, const Value&) {
    if (row.name == name) {
      found = &row;
    }
  });
  return found;
}

std::optional<std::string> value_problem(std::string_view name, const Value& value) {
  std::optional<std::string> problem = "unknown parameter";
  for (const ParameterRow& row : parameter_rows()) {
    if (row.name != name) {
      continue;
    }
    problem = value_problem(row, value);
    if (!problem) {
      break;
    }
  }
  return problem;
}

// The schedule applies everywhere, and no default depends on the length.
bool depends_on_epochs(const Assignment& given) {
  const auto schedule = given.find("schedule");
  return schedule != given.end() && schedule->second == Value("cosine");
}

Assignment resolve(const Assignment& given) {
  Assignment resolved;
  for_each_applicable(given, [&](const ParameterRow& row, const Value& value) {
    resolved.emplace(row.name, value);
  });
  return resolved;
}

Assignment without_defaults(const Assignment& given) {
  Assignment different;
  for_each_applicable(given, [&](const ParameterRow& row, const Value& value) {
    if (value != row.default_value) {
      different.emplace(row.name, value);
    }
  });
  return different;
}

}  // namespace glimpse::experiments
