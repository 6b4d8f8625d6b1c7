#include "worker/bench.h"

#include <algorithm>
#include <sstream>

#include "experiments/json/trial_json.h"
#include "experiments/model_facts.h"
#include "experiments/model_table.h"
#include "storage/files/file_io.h"
#include "worker/arguments.h"
#include "worker/recipe.h"
#include "worker/train_error.h"

namespace glimpse::worker {
namespace {

using experiments::Assignment;

constexpr int kWarmUpSteps = 5;
constexpr int kRounds = 9;

// Cluttered sequences as the paper has them, whole batches of some thousand images in all.
MadeData make_data(int batch) {
  constexpr int kImages = 1000;
  return MadeData({.source = experiments::DigitSourceKind::kBuiltin,
                   .train = std::max(1, kImages / batch) * batch,
                   .valid = 1,
                   .test = 1});
}

// Compiling takes more than PyTorch, so there alone a script may say that it cannot.
Comparison compare(PeerStyle style,
                   StepBench& ours,
                   const ModelBench& model,
                   const PeerOptions& options) {
  std::vector<std::string> arguments = {experiments::render_json(model.parameters)};
  if (const auto flag = peer_flag(style)) {
    arguments.emplace_back(*flag);
  }
  Comparison comparison{.style = style};
  BenchPeer peer(options, arguments);
  const auto why = peer.wait_until_ready();
  if (!why) {
    comparison.rounds = alternate(
        kRounds, [&] { return ours.run(model.steps); }, [&] { return peer.run(model.steps); });
    return comparison;
  }
  if (style != PeerStyle::kCompiled) {
    throw TrainError(experiments::FaultClass::kExitCode,
                     "compare with " + options.script.string() + ": it is not available: " + *why);
  }
  comparison.unavailable = *why;
  return comparison;
}

ModelBench bench_model(const Assignment& parameters,
                       const BenchOptions& options,
                       const BenchPorts& ports) {
  if (const auto problem = experiments::geometry_problem(parameters, {})) {
    throw TrainError(experiments::FaultClass::kBadConfig, "bench: " + *problem);
  }
  const Recipe recipe = make_recipe(parameters);
  const MadeData data = make_data(recipe.batch_size);
  const std::unique_ptr<Engine> engine = ports.make(parameters, data);
  StepBench steps(*engine, recipe, static_cast<std::uint32_t>(data.spec().train), ports.now);
  static_cast<void>(steps.run(kWarmUpSteps));
  ModelBench model{.parameters = parameters,
                   .weights = engine->parameters(),
                   .batch = recipe.batch_size,
                   .steps = options.steps,
                   .whole = steps.run(options.steps),
                   .phases = steps.run_in_phases(options.steps)};
  if (options.peer) {
    for (const PeerStyle style : kPeerStyles) {
      ports.tell(bench_name(parameters) + " beside the " + std::string(peer_style_name(style)) +
                 " script");
      model.comparisons.push_back(compare(style, steps, model, *options.peer));
    }
  }
  return model;
}

std::vector<std::string> model_names() {
  std::vector<std::string> names;
  for (const experiments::ModelRow& row : experiments::model_rows()) {
    names.push_back(row.name);
  }
  return names;
}

std::vector<std::string> split_names(const std::string& text) {
  std::vector<std::string> names;
  std::istringstream listed(text + ",");
  for (std::string name; std::getline(listed, name, ',');) {
    names.push_back(name);
  }
  return names;
}

Assignment load_parameters(const std::string& trial) {
  const std::string text = storage::load_text(trial, experiments::kMaxTrialBytes);
  return experiments::parse_training(text, trial).parameters;
}

}  // namespace

std::vector<Assignment> bench_models(const std::optional<std::string>& names,
                                     const std::optional<std::string>& trial) {
  if (names && trial) {
    throw UsageError("--model and TRIAL.json are two ways to say what to train");
  }
  if (trial) {
    return {load_parameters(*trial)};
  }
  std::vector<Assignment> models;
  for (const std::string& name : names ? split_names(*names) : model_names()) {
    if (experiments::find_model(name) == nullptr) {
      throw UsageError("no model is called '" + name + "'");
    }
    models.push_back(experiments::resolve({{"model", name}}));
  }
  return models;
}

std::vector<ModelBench> bench(const BenchOptions& options, const BenchPorts& ports) {
  std::vector<ModelBench> models;
  for (const Assignment& parameters : options.models) {
    ports.tell(bench_name(parameters));
    models.push_back(bench_model(parameters, options, ports));
  }
  return models;
}

}  // namespace glimpse::worker
