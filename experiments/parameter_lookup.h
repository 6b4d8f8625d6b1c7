#pragma once

// Names and values of a study's parameters, wherever they are defined: the model table, the dataset
// table ("dataset.patches"), or the study itself, whose command may take what it likes.

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "experiments/study.h"
#include "experiments/study_error.h"

namespace glimpse::experiments {

// "/parameters/learning_rate"
std::string parameter_pointer(std::string_view name);

// Where the study gives this parameter: among its parameters, or in the first point that has it;
// of several points, in the first that has this value. "" where it gives none.
std::string pointer_to_given(const Study& study,
                             const std::string& name,
                             const Value* value = nullptr);

const Parameter* find_parameter(const Study& study, std::string_view name);

// What a study says of its parameters' names, in its parameters and its points together; gathered
// once, because a study may have a million of either. The study must outlive it.
class StudyNames {
 public:
  explicit StudyNames(const Study& study);
  [[nodiscard]] std::size_t count() const { return first_values_.size(); }
  [[nodiscard]] bool gives(const std::string& name) const { return first_values_.contains(name); }
  // Gives it, or it has a default.
  [[nodiscard]] bool knows(const std::string& name) const;
  [[nodiscard]] bool takes_several_values(const std::string& name) const {
    return varying_.contains(name);
  }

 private:
  void add(const std::string& name, const Value& value);

  const Study& study_;
  std::unordered_map<std::string, Value> first_values_;
  std::unordered_set<std::string> varying_;
};

// A command's parameters have the names that their user likes, but for a few: what stands in
// "{name}" has to be harmless there, sort alike as bytes and as UTF-16, and mean one thing. Says
// what is wrong with one; nothing if it fits.
std::optional<std::string> command_name_problem(std::string_view name);
// "{seed}" and the like, which the launcher fills in for every trial of a command.
inline constexpr std::array<std::string_view, 3> kGivenNames{"seed", "run_id", "attempt"};

// Says what is wrong with a name or a value; nothing if both fit.
std::optional<std::string> parameter_problem(const Study& study,
                                             std::string_view name,
                                             const Value& value);

}  // namespace glimpse::experiments
