#include "worker/bench_report.h"

#include <variant>

#include "experiments/json_writer.h"
#include "worker/format.h"

namespace glimpse::worker {
namespace {

using experiments::Assignment;
using experiments::JsonWriter;

constexpr double kMs = 1000;

std::string_view phase_name(StepPhase phase) {
  switch (phase) {
    case StepPhase::kLoad:
      return "load batch";
    case StepPhase::kForward:
      return "forward";
    case StepPhase::kBackward:
      return "loss, backward";
    case StepPhase::kSums:
      return "sums";
    case StepPhase::kUpdate:
      break;
  }
  return "update";
}

double images(const ModelBench& model) {
  return static_cast<double>(model.batch) * model.steps;
}

Spent sum(const PhasesSpent& phases) {
  Spent all;
  for (const Spent& phase : phases) {
    all = all + phase;
  }
  return all;
}

// What we are to be at least, where we are less.
std::optional<double> missed_ratio(const Comparison& comparison, const Assignment& parameters) {
  const auto least = least_ratio(comparison.style, parameters);
  const bool is_missed =
      least && comparison.unavailable.empty() && speed_ratio(comparison.rounds).median < *least;
  return is_missed ? least : std::nullopt;
}

std::string render_steps(const ModelBench& model) {
  return format("%-14s %6d %10llu %9.1f %9.1f %13.1f\n",
                bench_name(model.parameters).c_str(),
                model.batch,
                static_cast<unsigned long long>(model.weights),
                kMs * model.whole.wall_s / model.steps,
                images(model) / model.whole.wall_s,
                images(model) / model.whole.cpu_s);
}

std::string render_phases(const ModelBench& model) {
  const double all_s = sum(model.phases).wall_s;
  std::string text;
  for (const StepPhase phase : kStepPhases) {
    const Spent& spent = model.phases.at(static_cast<std::size_t>(phase));
    text += format("%-14s %-14s %6.1f %% %9.2f %9.2f\n",
                   bench_name(model.parameters).c_str(),
                   std::string(phase_name(phase)).c_str(),
                   100 * spent.wall_s / all_s,
                   kMs * spent.wall_s / model.steps,
                   kMs * spent.cpu_s / model.steps);
  }
  return text;
}

std::string render_bound(const Comparison& comparison, const Assignment& parameters) {
  const auto least = least_ratio(comparison.style, parameters);
  const bool is_missed = missed_ratio(comparison, parameters).has_value();
  return least ? format("%.2f %s", *least, is_missed ? "MISSED" : "holds") : "none";
}

std::string render_comparison(const Comparison& comparison, const ModelBench& model) {
  const std::string begin = format("%-14s %-9s",
                                   bench_name(model.parameters).c_str(),
                                   std::string(peer_style_name(comparison.style)).c_str());
  if (!comparison.unavailable.empty()) {
    return begin + " not available: " + comparison.unavailable + "\n";
  }
  const SpeedRatio ratio = speed_ratio(comparison.rounds);
  return begin +
         format(" %8.1f %8.1f %7.3f   %.3f to %.3f   ",
                images(model) / median_cpu_s(comparison.rounds.ours),
                images(model) / median_cpu_s(comparison.rounds.theirs),
                ratio.median,
                ratio.lowest,
                ratio.highest) +
         render_bound(comparison, model.parameters) + "\n";
}

std::string render_comparisons(std::span<const ModelBench> models) {
  std::string text;
  for (const ModelBench& model : models) {
    for (const Comparison& comparison : model.comparisons) {
      text += render_comparison(comparison, model);
    }
  }
  return text.empty() ? text
                      : "\nimages per CPU second, medians of rounds that take turns\n"
                        "model          script        ours   theirs   ratio   spread           "
                        "at least\n" +
                            text;
}

void write_spent(JsonWriter& json, const Spent& spent) {
  json.key("seconds").number(spent.wall_s);
  json.key("cpu_seconds").number(spent.cpu_s);
}

void write_rounds(JsonWriter& json, const char* name, const std::vector<Spent>& rounds) {
  json.key(name).begin_array();
  for (const Spent& round : rounds) {
    json.begin_object();
    write_spent(json, round);
    json.end_object();
  }
  json.end_array();
}

void write_comparison(JsonWriter& json, const Comparison& comparison, const ModelBench& model) {
  json.begin_object();
  json.key("script").string(peer_style_name(comparison.style));
  if (comparison.unavailable.empty()) {
    const SpeedRatio ratio = speed_ratio(comparison.rounds);
    json.key("ratio").number(ratio.median);
    json.key("lowest").number(ratio.lowest);
    json.key("highest").number(ratio.highest);
    if (const auto least = least_ratio(comparison.style, model.parameters)) {
      json.key("least").number(*least);
      json.key("holds").boolean(!missed_ratio(comparison, model.parameters));
    }
    write_rounds(json, "ours", comparison.rounds.ours);
    write_rounds(json, "theirs", comparison.rounds.theirs);
  } else {
    json.key("unavailable").string(comparison.unavailable);
  }
  json.end_object();
}

void write_model(JsonWriter& json, const ModelBench& model) {
  json.begin_object();
  json.key("parameters").raw(experiments::render_json(model.parameters));
  json.key("weights").integer(static_cast<std::int64_t>(model.weights));
  json.key("images").number(images(model));
  json.key("steps").integer(model.steps);
  write_spent(json, model.whole);
  json.key("phases").begin_array();
  for (const StepPhase phase : kStepPhases) {
    json.begin_object();
    json.key("name").string(phase_name(phase));
    write_spent(json, model.phases.at(static_cast<std::size_t>(phase)));
    json.end_object();
  }
  json.end_array();
  json.key("comparisons").begin_array();
  for (const Comparison& comparison : model.comparisons) {
    write_comparison(json, comparison, model);
  }
  json.end_array().end_object();
}

}  // namespace

std::string bench_name(const Assignment& parameters) {
  const auto downsample = parameters.find("downsample");
  return experiments::render_plain(parameters.at("model")) +
         (downsample == parameters.end() ? ""
                                         : " d=" + experiments::render_plain(downsample->second));
}

std::string render_bench(std::span<const ModelBench> models) {
  std::string text = "model           batch    weights   ms/step  images/s  images/CPU s\n";
  for (const ModelBench& model : models) {
    text += render_steps(model);
  }
  text += "\nmodel          phase            share        ms    CPU ms\n";
  for (const ModelBench& model : models) {
    text += render_phases(model);
  }
  return text + render_comparisons(models);
}

std::string render_bench_json(std::span<const ModelBench> models) {
  JsonWriter json;
  json.begin_object();
  json.key("version").integer(1);
  json.key("models").begin_array();
  for (const ModelBench& model : models) {
    write_model(json, model);
  }
  json.end_array().end_object();
  return json.text() + "\n";
}

std::vector<std::string> bench_misses(std::span<const ModelBench> models) {
  std::vector<std::string> misses;
  for (const ModelBench& model : models) {
    for (const Comparison& comparison : model.comparisons) {
      if (const auto least = missed_ratio(comparison, model.parameters)) {
        misses.push_back(format("%s is %.3f times as fast as the %s script, not %.2f times",
                                bench_name(model.parameters).c_str(),
                                speed_ratio(comparison.rounds).median,
                                std::string(peer_style_name(comparison.style)).c_str(),
                                *least));
      }
    }
  }
  return misses;
}

}  // namespace glimpse::worker
