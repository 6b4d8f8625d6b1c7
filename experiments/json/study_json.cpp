#include "experiments/json/study_json.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "experiments/json/json_document.h"
#include "experiments/json/json_print.h"
#include "experiments/json/key_row.h"
#include "experiments/json/object_reader.h"
#include "experiments/json/override_json.h"
#include "experiments/json/study_issues.h"
#include "experiments/parameter_lookup.h"

namespace glimpse::experiments {
namespace {

// Walks the table of keys, not the tree: defaults are read by the same functions as given values.
class StudyReader {
 public:
  StudyReader(const std::string& source, IssueList& issues) : source_(source), issues_(issues) {}

  void read(const JsonNode& root);
  ResolvedStudy take(StudyPlaces places) {
    return {std::move(study_), std::move(origins_), std::move(places)};
  }

 private:
  void read_section(ObjectReader& object, std::string_view section);
  void read_row(const KeyRow& row, const ValueReader& value);
  [[nodiscard]] std::string fallback_of(const KeyRow& row) const;
  void note_origin(const KeyRow& row, const ValueReader& value);
  void note_origin(const std::string& pointer, const JsonNode& node);

  const std::string& source_;
  IssueList& issues_;
  Study study_;
  Origins origins_;
};

void StudyReader::read(const JsonNode& root) {
  ObjectReader object(root, "", issues_);
  read_section(object, "");
}

// A built-in model always has something to train on.
std::string StudyReader::fallback_of(const KeyRow& row) const {
  const bool needs_dataset = row.type == KeyType::kDataset && study_.kind == StudyKind::kTrain;
  return needs_dataset ? "{}" : row.fallback;
}

void StudyReader::read_section(ObjectReader& object, std::string_view section) {
  for (const KeyRow& row : key_rows()) {
    if (section_of(row) != section) {
      continue;
    }
    const std::string key(key_of(row));
    if (const auto value = row.is_required ? object.require(key) : object.find(key)) {
      read_row(row, *value);
    } else if (const std::string fallback = fallback_of(row); fallback.empty()) {
      continue;
    } else if (std::optional<JsonNode> node = parse_json(fallback, issues_)) {
      node->origin = JsonOrigin::kDefault;
      read_row(row, {*node, {}, join_pointer(object.self().pointer(), key), issues_});
    }
  }
  object.finish();
}

void StudyReader::read_row(const KeyRow& row, const ValueReader& value) {
  if (row.type == KeyType::kSection) {
    if (std::optional<ObjectReader> object = value.object()) {
      row.read(value, study_);
      read_section(*object, row.path);
    }
    return;
  }
  row.read(value, study_);
  note_origin(row, value);
}

// Objects whose members may come from different places tell each member's.
void StudyReader::note_origin(const KeyRow& row, const ValueReader& value) {
  const auto* members = std::get_if<JsonMembers>(&value.node().value);
  const bool is_mixed = row.type == KeyType::kParameters || row.type == KeyType::kDataset;
  if (!is_mixed || members == nullptr) {
    note_origin(value.pointer(), value.node());
    return;
  }
  for (const JsonMember& member : *members) {
    note_origin(join_pointer(value.pointer(), member.key), member.node);
  }
}

// Defaults are left out: what has no origin is one.
void StudyReader::note_origin(const std::string& pointer, const JsonNode& node) {
  if (node.origin == JsonOrigin::kCommandLine) {
    origins_[pointer] = "command line";
  } else if (node.origin == JsonOrigin::kText) {
    origins_[pointer] = source_ + ":" + std::to_string(node.place.line);
  }
}

// The same walk the other way. Rows of a section that is not set are never asked.
JsonMembers write_section(const Study& study, std::string_view section) {
  JsonMembers members;
  for (const KeyRow& row : key_rows()) {
    if (section_of(row) != section) {
      continue;
    }
    if (std::optional<JsonNode> node = row.write(study)) {
      if (row.type == KeyType::kSection) {
        node->value = write_section(study, row.path);
      }
      members.push_back({std::string(key_of(row)), {}, std::move(*node)});
    }
  }
  return members;
}

JsonNode write_study(const Study& study) {
  return {.value = write_section(study, ""), .place = {}};
}

// The pointers that carry a comment in a resolved text: all keys but sections, and the members of
// those whose members may come from different places.
bool tells_origin(const std::string& pointer) {
  std::string path = pointer.substr(1);
  std::replace(path.begin(), path.end(), '/', '.');
  const auto rows = key_rows();
  const auto is_at = [&](const KeyRow& row) { return row.path == path; };
  if (const auto row = std::find_if(rows.begin(), rows.end(), is_at); row != rows.end()) {
    return row->type != KeyType::kSection && row->type != KeyType::kParameters &&
           row->type != KeyType::kDataset;
  }
  const std::size_t last = pointer.rfind('/');
  return pointer.substr(0, last) == "/parameters" || pointer.substr(0, last) == "/dataset";
}

// The values that the command line gave a parameter; null where it gave none, or a range.
const std::vector<Value>* typed_values(const ResolvedStudy& resolved, const std::string& name) {
  const auto origin = resolved.origins.find(parameter_pointer(name));
  const Parameter* const parameter = find_parameter(resolved.study, name);
  return origin != resolved.origins.end() && origin->second == "command line" &&
                 parameter != nullptr
             ? std::get_if<std::vector<Value>>(&parameter->space)
             : nullptr;
}

// One value typed for a parameter that the table selects over decides the selection.
void drop_what_is_decided(ResolvedStudy& resolved) {
  std::optional<Table>& table = resolved.study.table;
  if (!table || !table->select) {
    return;
  }
  std::vector<std::string>& over = table->select->over;
  const bool was_empty = over.empty();
  std::erase_if(over, [&](const std::string& name) {
    const std::vector<Value>* const typed = typed_values(resolved, name);
    return typed != nullptr && typed->size() == 1;
  });
  if (over.empty() && !was_empty) {
    table->select.reset();
    std::erase_if(resolved.origins,
                  [](const auto& origin) { return origin.first.starts_with("/table/select"); });
  }
}

}  // namespace

ResolvedStudy resolve_study(std::string_view text,
                            const std::string& source,
                            std::span<const Override> overrides) {
  IssueList issues;
  std::optional<JsonNode> root = parse_json(text, issues);
  if (root && !std::holds_alternative<JsonMembers>(root->value)) {
    issues.add(root->place, "", "a study is an object, not " + describe(*root));
    root.reset();
  }
  if (!root) {
    throw StudyError(source, issues.sorted());
  }
  apply_overrides(*root, overrides, issues);
  StudyReader reader(source, issues);
  reader.read(*root);
  ResolvedStudy resolved = reader.take({*root, source});
  drop_what_is_decided(resolved);
  add_study_issues(resolved.study, *root, issues);
  issues.check(source);
  return resolved;
}

Study parse_study(std::string_view text,
                  const std::string& source,
                  std::span<const Override> overrides) {
  return resolve_study(text, source, overrides).study;
}

std::string print_study(const Study& study) {
  return print_json(write_study(study));
}

std::string print_resolved(const Study& study, const Origins& origins) {
  return print_json(write_study(study), [&](const std::string& pointer) -> std::string {
    if (!tells_origin(pointer)) {
      return "";
    }
    const auto origin = origins.find(pointer);
    return origin == origins.end() ? "default" : origin->second;
  });
}

}  // namespace glimpse::experiments
