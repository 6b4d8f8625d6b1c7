#include "experiments/json/study_keys.h"

#include "experiments/dataset_table.h"
#include "experiments/json/key_row.h"
#include "experiments/json_writer.h"
#include "experiments/units.h"

namespace glimpse::experiments {
namespace {

std::string render(double number) {
  std::string text;
  append_json_number(text, number);
  return text;
}

std::string join(const std::vector<std::string>& choices) {
  std::string text;
  for (const std::string& choice : choices) {
    text += (text.empty() ? "" : ", ") + choice;
  }
  return text;
}

std::string type_of(const KeyRow& row) {
  switch (row.type) {
    case KeyType::kSection:
    case KeyType::kDataset:
    case KeyType::kParameters:
    case KeyType::kConditions:
    case KeyType::kResourceLimits:
      return "object";
    case KeyType::kName:
      return "name";
    case KeyType::kText:
      return "string";
    case KeyType::kTextList:
      return "list of strings";
    case KeyType::kChoice:
      return "choice";
    case KeyType::kWhole:
      return "whole number";
    case KeyType::kWholeOrAuto:
      return "whole number or \"auto\"";
    case KeyType::kReal:
      return "number";
    case KeyType::kDuration:
      return "duration";
    case KeyType::kSize:
      return "size";
    case KeyType::kSeeds:
      return "whole number or list of them";
    case KeyType::kShareOfLast:
      return "list of two numbers";
    default:
      return "list of objects";
  }
}

std::string range_of(const KeyRow& row) {
  switch (row.type) {
    case KeyType::kChoice:
      return join(row.choices);
    case KeyType::kWhole:
    case KeyType::kWholeOrAuto:
    case KeyType::kReal:
      return render(row.min) + " to " + render(row.max);
    case KeyType::kDuration:
      return render_duration(row.min) + " to " + render_duration(row.max);
    case KeyType::kSize:
      return "from " + render_size(static_cast<std::uint64_t>(row.min));
    default:
      return "";
  }
}

StudyKeyRow describe_dataset_row(const ParameterRow& row) {
  StudyKeyRow key{.path = std::string(kDatasetPrefix) + row.name,
                  .type = "",
                  .range = "",
                  .default_value = render_json(row.default_value),
                  .doc = row.doc};
  switch (row.type) {
    case ParameterType::kBool:
      key.type = "true or false";
      break;
    case ParameterType::kInteger:
      key.type = "whole number";
      key.range = render(row.min) + " to " + render(row.max);
      break;
    case ParameterType::kReal:
      key.type = "number";
      key.range = render(row.min) + " to " + render(row.max);
      break;
    case ParameterType::kChoice:
      key.type = "choice";
      key.range = join(row.choices);
      break;
    case ParameterType::kText:
      key.type = "string";
      break;
  }
  return key;
}

}  // namespace

std::vector<StudyKeyRow> study_keys() {
  std::vector<StudyKeyRow> keys;
  for (const KeyRow& row : key_rows()) {
    const bool is_empty = row.fallback == "{}" || row.fallback == "[]";
    keys.push_back({.path = row.path,
                    .type = type_of(row),
                    .range = range_of(row),
                    .default_value = is_empty ? "" : row.fallback,
                    .is_required = row.is_required,
                    .doc = row.doc});
    if (row.type == KeyType::kDataset) {
      for (const ParameterRow& value : dataset_rows()) {
        keys.push_back(describe_dataset_row(value));
      }
    }
  }
  return keys;
}

}  // namespace glimpse::experiments
