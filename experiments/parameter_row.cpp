#include "experiments/parameter_row.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "experiments/json_writer.h"

namespace glimpse::experiments {
namespace {

std::string number_text(double number) {
  std::string text;
  append_json_number(text, number);
  return text;
}

bool fits_number(const ParameterRow& row, const Value& value) {
  const double* number = std::get_if<double>(&value);
  // A NaN fails both comparisons.
  return number != nullptr && *number >= row.min && *number <= row.max &&
         (row.type == ParameterType::kReal || std::floor(*number) == *number);
}

bool fits(const ParameterRow& row, const Value& value) {
  switch (row.type) {
    case ParameterType::kBool:
      return std::holds_alternative<bool>(value);
    case ParameterType::kInteger:
    case ParameterType::kReal:
      return fits_number(row, value);
    case ParameterType::kText:
      return std::holds_alternative<std::string>(value);
    case ParameterType::kChoice:
      break;
  }
  const std::string* text = std::get_if<std::string>(&value);
  return text != nullptr &&
         std::find(row.choices.begin(), row.choices.end(), *text) != row.choices.end();
}

std::string wanted(const ParameterRow& row) {
  switch (row.type) {
    case ParameterType::kBool:
      return "true or false";
    case ParameterType::kInteger:
      return "a whole number from " + number_text(row.min) + " to " + number_text(row.max);
    case ParameterType::kReal:
      return "a number from " + number_text(row.min) + " to " + number_text(row.max);
    case ParameterType::kText:
      return "a text";
    case ParameterType::kChoice:
      break;
  }
  std::string text = row.choices.size() > 1 ? "one of " : "";
  for (const std::string& choice : row.choices) {
    text += (&choice == &row.choices.front() ? "\"" : ", \"") + choice + "\"";
  }
  return text;
}

}  // namespace

ParameterRow make_flag(std::string name, bool standard, Condition when, std::string doc) {
  return {.name = std::move(name),
          .type = ParameterType::kBool,
          .default_value = standard,
          .when = std::move(when),
          .doc = std::move(doc)};
}

ParameterRow make_whole(
    std::string name, double standard, Bounds bounds, Condition when, std::string doc) {
  return {.name = std::move(name),
          .type = ParameterType::kInteger,
          .default_value = standard,
          .min = bounds.min,
          .max = bounds.max,
          .when = std::move(when),
          .doc = std::move(doc)};
}

ParameterRow make_real(
    std::string name, double standard, Bounds bounds, Condition when, std::string doc) {
  ParameterRow row = make_whole(std::move(name), standard, bounds, std::move(when), std::move(doc));
  row.type = ParameterType::kReal;
  return row;
}

ParameterRow make_choice(std::string name,
                         std::vector<std::string> choices,
                         Condition when,
                         std::string doc) {
  Value first = choices.front();
  return {.name = std::move(name),
          .type = ParameterType::kChoice,
          .default_value = std::move(first),
          .choices = std::move(choices),
          .when = std::move(when),
          .doc = std::move(doc)};
}

std::optional<std::string> value_problem(const ParameterRow& row, const Value& value) {
  if (fits(row, value)) {
    return std::nullopt;
  }
  return "must be " + wanted(row) + ", not " + render_json(value);
}

}  // namespace glimpse::experiments
