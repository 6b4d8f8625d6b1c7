#include "experiments/dataset_table.h"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

namespace glimpse::experiments {
namespace {

using Member = std::variant<bool DatasetSpec::*,
                            int DatasetSpec::*,
                            std::uint64_t DatasetSpec::*,
                            std::string DatasetSpec::*,
                            DigitSourceKind DatasetSpec::*,
                            SlopeRange DatasetSpec::*,
                            ClutterBank DatasetSpec::*>;

struct Field {
  ParameterRow row;
  Member member;
};

template <typename T>
Value to_value(const T& held, const ParameterRow& row) {
  if constexpr (std::is_enum_v<T>) {
    return row.choices.at(static_cast<std::size_t>(held));
  } else if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, std::string>) {
    return held;
  } else {
    return static_cast<double>(held);
  }
}

// The value fits the row.
template <typename T>
void from_value(T& held, const Value& value, const ParameterRow& row) {
  if constexpr (std::is_enum_v<T>) {
    const auto found =
        std::find(row.choices.begin(), row.choices.end(), std::get<std::string>(value));
    held = static_cast<T>(found - row.choices.begin());
  } else if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, std::string>) {
    held = std::get<T>(value);
  } else {
    held = static_cast<T>(std::get<double>(value));
  }
}

Value read(const DatasetSpec& spec, const Field& field) {
  return std::visit([&](auto member) { return to_value(spec.*member, field.row); }, field.member);
}

struct Facts {
  ParameterType type;
  Bounds bounds = {};
  std::vector<std::string> choices = {};  // an enumeration's in the order of its enumerators
  Condition when = {};
};

Field make_field(std::string name, Member member, Facts facts, std::string doc) {
  Field field{{.name = std::move(name),
               .type = facts.type,
               .default_value = {},
               .min = facts.bounds.min,
               .max = facts.bounds.max,
               .choices = std::move(facts.choices),
               .when = std::move(facts.when),
               .doc = std::move(doc)},
              member};
  field.row.default_value = read(DatasetSpec{}, field);
  return field;
}

constexpr Bounds kSides{8, 4096};
constexpr Bounds kImages{1, 1e7};
constexpr Bounds kDigitSides{4, 28};
constexpr Bounds kPatches{0, 1000};
constexpr double kMaxSeed = static_cast<double>(kMaxWhole);

std::vector<Value> whole_numbers(int first, double last) {
  std::vector<Value> values;
  for (int number = first; number <= last; ++number) {
    values.emplace_back(static_cast<double>(number));
  }
  return values;
}

Condition with_patches() {
  return {{"patches", whole_numbers(1, kPatches.max)}};
}

std::vector<Field> make_fields() {
  using enum ParameterType;
  using Spec = DatasetSpec;
  return {
      make_field(
          "recipe", &Spec::recipe, {kChoice, {}, {"cluttered-sequences"}}, "how images are made"),
      make_field("source",
                 &Spec::source,
                 {kChoice, {}, {"mnist", "builtin"}},
                 "digits to make them of; builtin ones need no download"),
      make_field("seed", &Spec::seed, {kInteger, {0, kMaxSeed}}, "drives every random choice"),
      make_field("width", &Spec::width, {kInteger, kSides}, "pixels of the canvas"),
      make_field("height", &Spec::height, {kInteger, kSides}, "pixels of the canvas"),
      make_field("digits", &Spec::digits, {kInteger, {1, 32}}, "digits per image"),
      make_field("digit_side", &Spec::digit_side, {kInteger, kDigitSides}, "pixels of a digit"),
      make_field("patches", &Spec::patches, {kInteger, kPatches}, "clutter patches per image"),
      make_field("patch_side",
                 &Spec::patch_side,
                 {kInteger, {1, 27}, {}, with_patches()},
                 "pixels of a patch; by default 9, or a digit's side less 1 if that is smaller"),
      make_field("slope",
                 &Spec::slope,
                 {kChoice, {}, {"code", "paper"}},
                 "range of slopes: of the released code, or 45 degrees either way"),
      make_field("clutter",
                 &Spec::clutter,
                 {kChoice, {}, {"train_valid", "per_split", "train_twice_valid"}, with_patches()},
                 "digits that patches are cut from"),
      make_field("train", &Spec::train, {kInteger, kImages}, "training images"),
      make_field("valid", &Spec::valid, {kInteger, kImages}, "validation images"),
      make_field("test", &Spec::test, {kInteger, kImages}, "test images"),
      make_field("shuffle_labels",
                 &Spec::shuffle_labels,
                 {kBool},
                 "give labels to images at random, so that nothing can be learnt"),
      make_field("file",
                 &Spec::file,
                 {kText},
                 "HDF5 file to import instead of all else; a relative path starts at the working "
                 "directory"),
  };
}

std::span<const Field> fields() {
  static const std::vector<Field> all_fields = make_fields();
  return all_fields;
}

const Field* find_field(std::string_view name) {
  const auto all = fields();
  const auto found = std::find_if(
      all.begin(), all.end(), [&](const Field& field) { return field.row.name == name; });
  return found == all.end() ? nullptr : &*found;
}

const Field& field_named(std::string_view name) {
  const Field* field = find_field(name);
  if (field == nullptr) {
    throw std::invalid_argument("dataset has no value \"" + std::string(name) + "\"");
  }
  return *field;
}

int default_patch_side(int digit_side) {
  return std::min(DatasetSpec{}.patch_side, digit_side - 1);
}

bool patches_follow_digits(const DatasetSpec& spec) {
  return spec.patch_side == default_patch_side(spec.digit_side);
}

// An image without patches has no side of patches: what has no meaning is no value of the dataset.
bool applies(const ParameterRow& row, const DatasetSpec& spec) {
  return std::all_of(row.when.begin(), row.when.end(), [&](const auto& clause) {
    const auto& [name, allowed] = clause;
    return std::find(allowed.begin(), allowed.end(), read(spec, field_named(name))) !=
           allowed.end();
  });
}

ParameterRow with_prefix(const ParameterRow& row, Value standard) {
  ParameterRow dotted = row;
  dotted.name = std::string(kDatasetPrefix) + row.name;
  dotted.default_value = std::move(standard);
  dotted.when.clear();
  for (const auto& [name, allowed] : row.when) {
    dotted.when.emplace(std::string(kDatasetPrefix) + name, allowed);
  }
  return dotted;
}

// One row for each default, under the sides of digits that give it.
void add_following_rows(const ParameterRow& patch_side, std::vector<ParameterRow>& rows) {
  std::map<int, std::vector<Value>> sides;  // by default
  for (const Value& side : whole_numbers(static_cast<int>(kDigitSides.min), kDigitSides.max)) {
    sides[default_patch_side(static_cast<int>(std::get<double>(side)))].push_back(side);
  }
  for (auto& [standard, digits] : sides) {
    ParameterRow row = patch_side;
    row.when.emplace("digit_side", std::move(digits));
    rows.push_back(with_prefix(row, static_cast<double>(standard)));
  }
}

Issue issue(const char* name, std::string message) {
  return {.pointer = std::string("/dataset/") + name, .message = std::move(message)};
}

std::vector<Issue> import_issues(const DatasetSpec& spec) {
  std::vector<Issue> issues;
  for (const auto& [name, value] : given_dataset_values(spec)) {
    if (name != "file") {
      issues.push_back(issue(name.c_str(), "has no meaning beside an imported file"));
    }
  }
  return issues;
}

std::vector<Issue> range_issues(const DatasetSpec& spec) {
  std::vector<Issue> issues;
  for (const Field& field : fields()) {
    if (auto problem = value_problem(field.row, read(spec, field))) {
      issues.push_back(issue(field.row.name.c_str(), std::move(*problem)));
    }
  }
  return issues;
}

// Values are in range, so nothing here overflows.
std::vector<Issue> fit_issues(const DatasetSpec& spec) {
  std::vector<Issue> issues;
  const int needed = spec.digits * spec.digit_side;
  if (spec.width < needed) {
    issues.push_back(issue("width",
                           std::to_string(spec.digits) + " digits of side " +
                               std::to_string(spec.digit_side) + " need a width of at least " +
                               std::to_string(needed) + ", not " + std::to_string(spec.width)));
  }
  if (spec.height < spec.digit_side) {
    issues.push_back(issue("height",
                           "digits of side " + std::to_string(spec.digit_side) +
                               " do not fit a height of " + std::to_string(spec.height)));
  }
  if (spec.patches > 0 && spec.patch_side >= spec.digit_side) {
    issues.push_back(issue("patch_side",
                           "patches are cut from digits of side " +
                               std::to_string(spec.digit_side) + ", so they have at most " +
                               std::to_string(spec.digit_side - 1) + " pixels, not " +
                               std::to_string(spec.patch_side)));
  }
  return issues;
}

}  // namespace

std::span<const ParameterRow> dataset_rows() {
  static const std::vector<ParameterRow> rows = [] {
    std::vector<ParameterRow> copies;
    for (const Field& field : fields()) {
      copies.push_back(field.row);
    }
    return copies;
  }();
  return rows;
}

const ParameterRow* find_dataset_row(std::string_view name) {
  const Field* field = find_field(name);
  return field == nullptr ? nullptr : &field->row;
}

std::optional<std::string> dataset_value_problem(std::string_view name, const Value& value) {
  const ParameterRow* row = find_dataset_row(name);
  return row == nullptr ? "unknown value of a dataset" : value_problem(*row, value);
}

Value dataset_value(const DatasetSpec& spec, std::string_view name) {
  return read(spec, field_named(name));
}

void set_dataset_value(DatasetSpec& spec, std::string_view name, const Value& value) {
  const Field& field = field_named(name);
  if (const auto problem = value_problem(field.row, value)) {
    throw std::invalid_argument("dataset." + std::string(name) + " " + *problem);
  }
  const bool follows = name == "digit_side" && patches_follow_digits(spec);
  std::visit([&](auto member) { from_value(spec.*member, value, field.row); }, field.member);
  if (follows) {
    spec.patch_side = default_patch_side(spec.digit_side);
  }
}

DatasetSpec make_dataset_spec(const Assignment& values) {
  DatasetSpec spec;
  // Sorted by name, so that a given patch side comes behind the digits' side and stays.
  for (const auto& [name, value] : values) {
    set_dataset_value(spec, name, value);
  }
  return spec;
}

Assignment given_dataset_values(const DatasetSpec& spec) {
  Assignment values;
  for (const Field& field : fields()) {
    const bool is_patch_side = field.row.name == "patch_side";
    const Value standard = is_patch_side
                               ? Value(static_cast<double>(default_patch_side(spec.digit_side)))
                               : field.row.default_value;
    Value value = read(spec, field);
    if (value != standard && applies(field.row, spec)) {
      values.emplace(field.row.name, std::move(value));
    }
  }
  return values;
}

std::vector<ParameterRow> swept_dataset_rows(const DatasetSpec& spec) {
  std::vector<ParameterRow> rows;
  for (const Field& field : fields()) {
    if (field.row.name == "patch_side" && patches_follow_digits(spec)) {
      add_following_rows(field.row, rows);
    } else {
      rows.push_back(with_prefix(field.row, read(spec, field)));
    }
  }
  return rows;
}

std::vector<Issue> dataset_issues(const DatasetSpec& spec) {
  if (!spec.file.empty()) {
    return import_issues(spec);
  }
  std::vector<Issue> issues = range_issues(spec);
  return issues.empty() ? fit_issues(spec) : issues;
}

}  // namespace glimpse::experiments
