#include "launcher/commands/models.h"

#include <algorithm>
#include <vector>

#include "experiments/model_facts.h"
#include "experiments/model_table.h"
#include "experiments/nearest.h"
#include "launcher/output.h"
#include "launcher/usage_error.h"

namespace glimpse::launcher {
namespace {

using experiments::Assignment;
using experiments::Condition;
using experiments::ImageShape;
using experiments::ModelFacts;
using experiments::ModelRow;
using experiments::ParameterRow;
using experiments::ParameterType;
using experiments::Value;
using reports::Cell;
using reports::TextTable;

// The factors of Table 1.
constexpr int kLastDownsample = 4;

reports::Row size_row(const ModelRow& model, const Assignment& parameters, const Cell& downsample) {
  const ModelFacts facts = experiments::model_facts(parameters, ImageShape());
  return {model.name,
          downsample,
          static_cast<std::int64_t>(facts.crop_width),
          static_cast<std::int64_t>(facts.parameters),
          static_cast<double>(facts.macs) / 1e6,
          static_cast<double>(facts.flops) / 1e6,
          std::int64_t{model.code},
          model.doc};
}

// On the images of the paper: 100x100, three digits.
TextTable sizes() {
  TextTable table{
      .columns = {"model", "downsample", "crop", "parameters", "mmac", "mflop", "code", "about"},
      .rows = {}};
  for (const ModelRow& model : experiments::model_rows()) {
    Assignment parameters = {{"model", model.name}};
    if (experiments::find_row("downsample", parameters) == nullptr) {
      table.rows.push_back(size_row(model, parameters, std::monostate()));
      continue;
    }
    for (int d = 1; d <= kLastDownsample; ++d) {
      parameters["downsample"] = static_cast<double>(d);
      table.rows.push_back(size_row(model, parameters, std::int64_t{d}));
    }
  }
  return table;
}

std::string range_of(const ParameterRow& row) {
  switch (row.type) {
    case ParameterType::kBool:
      return "true, false";
    case ParameterType::kInteger:
    case ParameterType::kReal:
      return reports::render_exact(row.min) + " .. " + reports::render_exact(row.max);
    case ParameterType::kChoice: {
      std::string text;
      for (const std::string& choice : row.choices) {
        text += (text.empty() ? "" : ", ") + choice;
      }
      return text;
    }
    case ParameterType::kText:
      break;
  }
  return "text";
}

std::string type_of(const ParameterRow& row) {
  switch (row.type) {
    case ParameterType::kBool:
      return "flag";
    case ParameterType::kInteger:
      return "whole";
    case ParameterType::kReal:
      return "real";
    case ParameterType::kChoice:
      return "choice";
    case ParameterType::kText:
      break;
  }
  return "text";
}

// The conditions besides the model: "optimizer = adam".
std::string condition_of(const Condition& condition) {
  std::string text;
  for (const auto& [name, values] : condition) {
    if (name == "model") {
      continue;
    }
    std::string listed;
    for (const Value& value : values) {
      listed += (listed.empty() ? "" : " or ") + experiments::render_plain(value);
    }
    text += text.empty() ? "" : ", ";
    text += name;
    text += " = ";
    text += listed;
  }
  return text;
}

bool applies_to(const ParameterRow& row, const std::string& model) {
  const auto models = row.when.find("model");
  return models == row.when.end() ||
         std::find(models->second.begin(), models->second.end(), Value(model)) !=
             models->second.end();
}

TextTable parameters_of(const std::string& model) {
  TextTable table{.columns = {"parameter", "type", "default", "range", "where", "meaning"},
                  .rows = {}};
  for (const ParameterRow& row : experiments::parameter_rows()) {
    if (row.name != "model" && applies_to(row, model)) {
      table.rows.push_back({row.name,
                            type_of(row),
                            experiments::render_plain(row.default_value),
                            range_of(row),
                            condition_of(row.when),
                            row.doc});
    }
  }
  return table;
}

}  // namespace

std::vector<std::string> model_names() {
  std::vector<std::string> names;
  for (const ModelRow& model : experiments::model_rows()) {
    names.push_back(model.name);
  }
  return names;
}

int models(const ModelsOptions& options, Env& env) {
  if (options.name.empty()) {
    print_sections("models", {{"models", "", sizes()}}, options.output, env);
    return 0;
  }
  if (experiments::find_model(options.name) == nullptr) {
    throw UsageError("models: no model '" + options.name + "'" +
                     experiments::did_you_mean_any(options.name, model_names()));
  }
  print_sections("models", {{"parameters", "", parameters_of(options.name)}}, options.output, env);
  return 0;
}

}  // namespace glimpse::launcher
