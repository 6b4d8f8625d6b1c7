#pragma once

// The parts of a study that name parameters: spaces, conditions, configurations.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/json/json_document.h"
#include "experiments/json/object_reader.h"
#include "experiments/study.h"

namespace glimpse::experiments {

// The parameters that a study may name: for the built-in models those of the tables, for a command
// any, with dataset values checked wherever the study has a dataset.
class Vocabulary {
 public:
  explicit Vocabulary(const Study& study);

  // What is wrong with a name or a value for it, with the nearest name; nothing if it may stand.
  [[nodiscard]] std::optional<std::string> name_problem(const std::string& name) const;
  [[nodiscard]] std::optional<std::string> value_problem(const std::string& name,
                                                         const Value& value) const;
  // Nothing where any name will do.
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

 private:
  [[nodiscard]] bool is_known(const std::string& name) const;

  bool is_open_;
  bool has_dataset_;
  std::vector<std::string> names_;
};

void read_parameters(const ValueReader& value, Study& study);
std::optional<JsonNode> write_parameters(const Study& study);

void read_when(const ValueReader& value, Study& study);
std::optional<JsonNode> write_when(const Study& study);

std::optional<Assignment> read_assignment(const ValueReader& value, const Vocabulary& vocabulary);
JsonNode make_node(const Assignment& assignment);

// A list of objects.
std::vector<Assignment> read_assignments(const ValueReader& value, const Vocabulary& vocabulary);
std::optional<JsonNode> write_assignments(const std::vector<Assignment>& assignments);

}  // namespace glimpse::experiments
