#include "experiments/json/key_codecs.h"

#include <cstddef>
#include <set>
#include <utility>
#include <variant>

#include "experiments/dataset_table.h"
#include "experiments/json/key_row.h"
#include "experiments/json/vocabulary.h"
#include "experiments/path_name.h"

namespace glimpse::experiments {

std::optional<std::string> read_path_name(const ValueReader& reader) {
  std::optional<std::string> name = reader.text();
  if (name && !is_path_name(*name)) {
    reader.refuse(std::string(kPathNameRule));
    name.reset();
  }
  return name;
}

std::optional<std::vector<std::string>> read_texts(const ValueReader& reader) {
  const std::optional<std::size_t> size = reader.list();
  if (!size) {
    return std::nullopt;
  }
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < *size; ++i) {
    if (auto text = reader.item(i).text()) {
      texts.push_back(std::move(*text));
    }
  }
  return texts;
}

namespace {

// Even a default: whoever writes it expects something of it.
void refuse_beside_file(ObjectReader& object, const Assignment& values) {
  for (const auto& [name, value] : values) {
    const auto member = object.find(name);
    if (member && name != "file") {
      member->complain_key("has no meaning beside an imported file");
    }
  }
}

}  // namespace

void read_dataset(const ValueReader& reader, Study& study) {
  study.dataset.emplace();
  std::optional<ObjectReader> object = reader.object();
  if (!object) {
    return;
  }
  const Vocabulary vocabulary(study);
  Assignment values;
  for (const ParameterRow& row : dataset_rows()) {
    const std::string name = std::string(kDatasetPrefix) + row.name;
    if (const auto content = object->find(row.name)) {
      if (const auto value = read_value(*content, name, vocabulary)) {
        values.emplace(row.name, *value);
      }
    }
  }
  if (values.contains("file") && values.at("file") != Value("")) {
    refuse_beside_file(*object, values);
  }
  object->finish();
  study.dataset = make_dataset_spec(values);
}

std::optional<JsonNode> write_dataset(const Study& study) {
  if (!study.dataset) {
    return std::nullopt;
  }
  // Beside an imported file nothing else has a meaning.
  const Assignment given = given_dataset_values(*study.dataset);
  const bool is_import = !study.dataset->file.empty();
  JsonMembers members;
  for (const ParameterRow& row : dataset_rows()) {
    if (given.contains(row.name) || (!is_import && row.name != "file")) {
      members.push_back({row.name, {}, make_node(dataset_value(*study.dataset, row.name))});
    }
  }
  return JsonNode{.value = std::move(members), .place = {}};
}

// Seeds given twice would be one trial planned twice.
void read_seeds(const ValueReader& reader, Study& study) {
  study.seeds.clear();
  if (std::holds_alternative<double>(reader.node().value)) {
    const std::int64_t count = reader.whole(1, kMostSeeds).value_or(1);
    for (std::int64_t seed = 1; seed <= count; ++seed) {
      study.seeds.push_back(static_cast<std::uint64_t>(seed));
    }
    return;
  }
  const auto* items = std::get_if<JsonItems>(&reader.node().value);
  if (items == nullptr || items->empty() || items->size() > std::size_t{kMostSeeds}) {
    reader.refuse("a number of seeds from 1 to " + std::to_string(kMostSeeds) +
                  ", or a list of them");
    return;
  }
  std::set<std::uint64_t> seen;
  for (std::size_t i = 0; i < items->size(); ++i) {
    const ValueReader item = reader.item(i);
    const auto seed = static_cast<std::uint64_t>(item.whole(0, kMaxWhole).value_or(0));
    if (!seen.insert(seed).second) {
      item.complain("given twice");
    }
    study.seeds.push_back(seed);
  }
}

// Printed as a number wherever that means the same, as most studies write it.
std::optional<JsonNode> write_seeds(const Study& study) {
  JsonItems items;
  bool counts = !study.seeds.empty();
  for (const std::uint64_t seed : study.seeds) {
    items.push_back(make_node(static_cast<double>(seed)));
    counts = counts && seed == items.size();
  }
  return counts ? make_node(static_cast<double>(items.size()))
                : JsonNode{.value = std::move(items), .place = {}};
}

void read_trials_per_gpu(const ValueReader& reader, Study& study) {
  const auto* text = std::get_if<std::string>(&reader.node().value);
  if (text != nullptr && *text == "auto") {
    study.resources.trials_per_gpu = std::nullopt;
  } else if (!std::holds_alternative<double>(reader.node().value)) {
    reader.refuse("a whole number from 1 to " + std::to_string(kMostTrialsPerGpu) +
                  ", or \"auto\"");
  } else if (const auto count = reader.whole(1, kMostTrialsPerGpu)) {
    study.resources.trials_per_gpu = static_cast<int>(*count);
  }
}

std::optional<JsonNode> write_trials_per_gpu(const Study& study) {
  const std::optional<int> count = study.resources.trials_per_gpu;
  return count ? make_node(static_cast<double>(*count)) : make_node(std::string("auto"));
}

}  // namespace glimpse::experiments
