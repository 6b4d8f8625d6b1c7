#pragma once

// The parameters that a study may name, and the values they may have: for the built-in models those
// of the tables, for a command any, with dataset values checked wherever there is a dataset.

#include <optional>
#include <string>
#include <vector>

#include "experiments/json/object_reader.h"
#include "experiments/study.h"
#include "experiments/value.h"

namespace glimpse::experiments {

class Vocabulary {
 public:
  // Looks at the kind and the dataset.
  explicit Vocabulary(const Study& study);

  // True if a member of this name may stand where parameters do; complains with the nearest name.
  [[nodiscard]] bool accepts_name(const std::string& name, const ValueReader& member) const;
  // What is wrong with a value; nothing if it may stand.
  [[nodiscard]] std::optional<std::string> value_problem(const std::string& name,
                                                         const Value& value) const;
  // The name that was most likely meant; nothing for a command's parameters, which have any.
  [[nodiscard]] std::optional<std::string> nearest(const std::string& name) const;
  [[nodiscard]] bool is_whole(const std::string& name) const;

 private:
  [[nodiscard]] std::vector<std::string> choices_of(const std::string& name) const;

  bool is_open_;
  bool has_dataset_;
  std::vector<std::string> names_;
};

// Complains about a value of a wrong type or out of range.
std::optional<Value> read_value(const ValueReader& reader,
                                const std::string& name,
                                const Vocabulary& vocabulary);
// A list of at least one value, none twice.
std::vector<Value> read_values(const ValueReader& reader,
                               const std::string& name,
                               const Vocabulary& vocabulary);

}  // namespace glimpse::experiments
