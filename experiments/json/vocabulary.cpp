#include "experiments/json/vocabulary.h"

#include <algorithm>
#include <cstddef>
#include <set>
#include <string_view>

#include "experiments/dataset_table.h"
#include "experiments/model_table.h"
#include "experiments/nearest.h"
#include "experiments/parameter_lookup.h"

namespace glimpse::experiments {
namespace {

std::string_view without_prefix(const std::string& dotted) {
  return std::string_view(dotted).substr(kDatasetPrefix.size());
}

}  // namespace

Vocabulary::Vocabulary(const Study& study)
    : is_open_(study.kind == StudyKind::kCommand), has_dataset_(study.dataset.has_value()) {
  if (is_open_) {
    return;
  }
  for (const ParameterRow& row : parameter_rows()) {
    if (std::find(names_.begin(), names_.end(), row.name) == names_.end()) {
      names_.push_back(row.name);
    }
  }
  for (const ParameterRow& row : dataset_rows()) {
    names_.push_back(std::string(kDatasetPrefix) + row.name);
  }
}

bool Vocabulary::accepts_name(const std::string& name, const ValueReader& member) const {
  if (!is_open_) {
    const bool is_known = std::find(names_.begin(), names_.end(), name) != names_.end();
    if (!is_known) {
      member.complain_key("unknown key" + (member.is_heard() ? did_you_mean(name, names_) : ""));
    }
    return is_known;
  }
  if (const auto problem = command_name_problem(name)) {
    member.complain_key(*problem);
    return false;
  }
  return true;
}

std::vector<std::string> Vocabulary::choices_of(const std::string& name) const {
  if (is_dataset_name(name)) {
    const ParameterRow* row = find_dataset_row(without_prefix(name));
    return row == nullptr ? std::vector<std::string>{} : row->choices;
  }
  for (const ParameterRow& row : parameter_rows()) {
    if (row.name == name) {
      return row.choices;
    }
  }
  return {};
}

std::optional<std::string> Vocabulary::value_problem(const std::string& name,
                                                     const Value& value) const {
  std::optional<std::string> problem;
  if (is_dataset_name(name) && has_dataset_) {
    problem = dataset_value_problem(without_prefix(name), value);
  } else if (!is_open_) {
    problem = experiments::value_problem(name, value);
  }
  if (const auto* text = std::get_if<std::string>(&value); problem && text != nullptr) {
    *problem += did_you_mean(*text, choices_of(name));
  }
  return problem;
}

std::optional<std::string> Vocabulary::nearest(const std::string& name) const {
  return nearest_name(name, names_);
}

bool Vocabulary::is_whole(const std::string& name) const {
  const auto is_integer = [](const ParameterRow& row) {
    return row.type == ParameterType::kInteger;
  };
  if (is_dataset_name(name) && has_dataset_) {
    return is_integer(*find_dataset_row(without_prefix(name)));
  }
  const auto rows = parameter_rows();
  return !is_open_ && std::any_of(rows.begin(), rows.end(), [&](const ParameterRow& row) {
    return row.name == name && is_integer(row);
  });
}

std::optional<Value> read_value(const ValueReader& reader,
                                const std::string& name,
                                const Vocabulary& vocabulary) {
  std::optional<Value> value = reader.scalar();
  if (value) {
    if (const auto problem = vocabulary.value_problem(name, *value)) {
      reader.complain(*problem);
      return std::nullopt;
    }
  }
  return value;
}

std::vector<Value> read_values(const ValueReader& reader,
                               const std::string& name,
                               const Vocabulary& vocabulary) {
  std::vector<Value> values;
  std::set<Value> seen;
  const std::optional<std::size_t> size = reader.list();
  if (size == std::size_t{0}) {
    reader.complain("must not be empty");
  }
  for (std::size_t i = 0; i < size.value_or(0); ++i) {
    const ValueReader item = reader.item(i);
    const std::optional<Value> value = read_value(item, name, vocabulary);
    if (value && !seen.insert(*value).second) {
      item.complain("given twice");
    } else if (value) {
      values.push_back(*value);
    }
  }
  return values;
}

}  // namespace glimpse::experiments
