#pragma once

// One line of a table of settings: name, type, range, default, where it applies. The model table
// and the dataset table are made of these, and so are the schema and the printed help.

#include <optional>
#include <string>
#include <vector>

#include "experiments/value.h"

namespace glimpse::experiments {

enum class ParameterType { kBool, kInteger, kReal, kChoice, kText };

// A name may have several rows whose conditions exclude each other: `filters` has one default for
// the recurrent model and another for the rest.
struct ParameterRow {
  std::string name;
  ParameterType type = ParameterType::kReal;
  Value default_value;
  double min = 0;  // kInteger and kReal: both ends included
  double max = 0;
  std::vector<std::string> choices = {};  // kChoice
  Condition when = {};                    // empty: applies to every configuration
  std::string doc;                        // one line: meaning and unit
};

struct Bounds {
  double min = 0;
  double max = 0;
};

ParameterRow make_flag(std::string name, bool standard, Condition when, std::string doc);
ParameterRow make_whole(
    std::string name, double standard, Bounds bounds, Condition when, std::string doc);
ParameterRow make_real(
    std::string name, double standard, Bounds bounds, Condition when, std::string doc);
// The first choice is the default.
ParameterRow make_choice(std::string name,
                         std::vector<std::string> choices,
                         Condition when,
                         std::string doc);

// Says what is wrong with a value; nothing if it fits. The text goes behind a name or a pointer:
// "must be a whole number from 1 to 65536, not 2.5".
std::optional<std::string> value_problem(const ParameterRow& row, const Value& value);

}  // namespace glimpse::experiments
