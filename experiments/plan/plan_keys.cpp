#include "experiments/plan/plan_keys.h"

#include <algorithm>
#include <utility>

#include "experiments/dataset_table.h"
#include "experiments/hash/sha256.h"
#include "experiments/json_writer.h"
#include "experiments/model_facts.h"
#include "experiments/model_table.h"
#include "experiments/parameter_lookup.h"

namespace glimpse::experiments {
namespace {

// Longer lists of values are mostly ranges, each of whose values is written once anyway.
constexpr std::size_t kMostRemembered = 4096;

std::string render_fragment(const std::string& name, const Value& value) {
  std::string text;
  append_json_string(text, name);
  text += ':';
  return text + render_json(value);
}

std::vector<std::string> hash_code_files(const Study& study, const FileHasher& hash_file) {
  std::vector<std::string> hashes;
  const auto& paths = study.code_files ? *study.code_files : study.command;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    std::string hash = hash_file ? hash_file(paths[i]) : std::string();
    if (!hash.empty()) {
      hashes.push_back(std::move(hash));
    } else if (study.code_files) {
      throw StudyError(study.name,
                       {{.pointer = "/code/" + std::to_string(i),
                         .message = "cannot read \"" + paths[i] + "\" (no such file?)"}});
    }
  }
  return hashes;
}

}  // namespace

std::string command_code(const Study& study, const FileHasher& hash_file) {
  JsonWriter json;
  json.begin_object().key("command").begin_array();
  for (const std::string& argument : study.command) {
    json.string(argument);
  }
  json.end_array().key("files").begin_array();
  for (const std::string& hash : hash_code_files(study, hash_file)) {
    json.string(hash);
  }
  json.end_array().end_object();
  return hex(sha256(json.text()));
}

std::vector<std::string> names_for_keys(const Study& study) {
  return study.kind == StudyKind::kTrain
             ? std::vector<std::string>{"model", "downsample", "batch_size"}
             : std::vector<std::string>{};
}

ConfigurationKeys::ConfigurationKeys(const Study& study,
                                     const std::vector<PlanColumn>& columns,
                                     const ParameterGraph& graph,
                                     const FileHasher& hash_file)
    : study_(study), columns_(columns), graph_(graph), hash_file_(hash_file) {
  for (std::size_t column = 0; column < columns.size(); ++column) {
    std::vector<std::string> fragments;
    if (is_dataset_name(columns[column].name)) {
      dataset_columns_.push_back(column);
    } else if (columns[column].values.size() <= kMostRemembered) {
      for (const Value& value : columns[column].values) {
        fragments.push_back(render_fragment(columns[column].name, value));
      }
    }
    fragments_.push_back(std::move(fragments));
  }
  if (study.kind == StudyKind::kCommand) {
    command_code_ = '"' + command_code(study, hash_file) + '"';
  } else {
    model_node_ = graph.index_of("model");
    downsample_node_ = graph.index_of("downsample");
    batch_node_ = graph.index_of("batch_size");
  }
}

std::string ConfigurationKeys::fragment(std::size_t column, std::uint32_t value) const {
  return fragments_[column].empty()
             ? render_fragment(columns_[column].name, columns_[column].values[value])
             : fragments_[column][value];
}

// Names are sorted, and a default is left out, so that a parameter added later changes no key.
std::string ConfigurationKeys::parameters_json(const ConfigurationView& configuration,
                                               const std::string& left_out) const {
  std::string text = "{";
  for (std::size_t column = 0; column < columns_.size(); ++column) {
    const std::uint32_t cell = configuration.cells[column];
    const std::string& name = columns_[column].name;
    if (cell == kAbsent || graph_.is_default(column, configuration.state) ||
        is_dataset_name(name) || (!left_out.empty() && name == left_out)) {
      continue;
    }
    if (text.size() > 1) {
      text += ',';
    }
    text += fragment(column, cell);
  }
  return text + '}';
}

std::string ConfigurationKeys::code_json(const ConfigurationView& configuration) const {
  if (study_.kind == StudyKind::kCommand) {
    return command_code_;
  }
  const Value& model = *graph_.value(model_node_, configuration.state);
  return std::to_string(find_model(std::get<std::string>(model))->code);
}

ConfigurationKeys::DatasetFacts& ConfigurationKeys::dataset_facts(
    const ConfigurationView& configuration) {
  std::vector<std::uint32_t> values;
  values.reserve(dataset_columns_.size());
  for (const std::size_t column : dataset_columns_) {
    values.push_back(configuration.cells[column]);
  }
  const auto [entry, is_new] = datasets_.try_emplace(values);
  DatasetFacts& facts = entry->second;
  if (is_new && study_.dataset) {
    Assignment assignment;
    for (const std::size_t column : dataset_columns_) {
      const std::uint32_t cell = configuration.cells[column];
      if (cell != kAbsent) {
        assignment.emplace(columns_[column].name, columns_[column].values[cell]);
      }
    }
    facts.spec = dataset_of(study_, assignment);
    facts.issues = dataset_problems(configuration, facts.spec);
  }
  return facts;
}

std::string ConfigurationKeys::pointer_to(const ConfigurationView& configuration,
                                          const std::string& name) const {
  const auto column = std::find_if(
      columns_.begin(), columns_.end(), [&](const PlanColumn& one) { return one.name == name; });
  if (column == columns_.end()) {
    return "";
  }
  const std::uint32_t cell =
      configuration.cells[static_cast<std::size_t>(column - columns_.begin())];
  return pointer_to_given(study_, name, cell == kAbsent ? nullptr : &column->values[cell]);
}

// Points at the swept value rather than at the one beside the sweep.
std::vector<Issue> ConfigurationKeys::dataset_problems(const ConfigurationView& configuration,
                                                       const DatasetSpec& spec) const {
  constexpr std::string_view kPointer = "/dataset/";
  std::vector<Issue> issues = dataset_issues(spec);
  for (Issue& issue : issues) {
    const std::string name = std::string(kDatasetPrefix) + issue.pointer.substr(kPointer.size());
    if (std::string swept = pointer_to(configuration, name); !swept.empty()) {
      issue.pointer = std::move(swept);
    }
  }
  return issues;
}

std::vector<Issue> ConfigurationKeys::geometry_problems(const ConfigurationView& configuration,
                                                        const ImageShape& shape) const {
  Assignment model = {{"model", *graph_.value(model_node_, configuration.state)}};
  const Value* downsample = graph_.value(downsample_node_, configuration.state);
  if (downsample != nullptr) {
    model.emplace("downsample", *downsample);
  }
  const auto problem = geometry_problem(model, shape);
  if (!problem) {
    return {};
  }
  model["downsample"] = 1.0;
  if (geometry_problem(model, shape)) {
    return {{.pointer = "/dataset", .message = *problem}};
  }
  for (const char* name : {"downsample", "model"}) {
    if (std::string pointer = pointer_to(configuration, name); !pointer.empty()) {
      return {{.pointer = std::move(pointer), .message = *problem}};
    }
  }
  return {{.pointer = "/dataset", .message = *problem}};
}

// Every member has its share of every batch, and an epoch at least one whole batch. How many images
// an imported file holds is not asked here.
std::vector<Issue> ConfigurationKeys::batch_problems(const ConfigurationView& configuration,
                                                     const DatasetSpec& spec) const {
  std::vector<Issue> issues;
  const double batch = std::get<double>(*graph_.value(batch_node_, configuration.state));
  const std::string images = render_json(Value(batch));
  if (study_.resources.members > batch) {
    issues.push_back({.pointer = "/resources/members",
                      .message = std::to_string(study_.resources.members) +
                                 " members cannot share batches of " + images +
                                 " images (use fewer members or a larger batch_size)"});
  }
  if (spec.file.empty() && batch > spec.train) {
    const std::string given = pointer_to(configuration, "batch_size");
    issues.push_back({.pointer = given.empty() ? "/dataset/train" : given,
                      .message = "batches of " + images + " images are larger than the " +
                                 std::to_string(spec.train) +
                                 " training images (use a smaller batch_size or more images)"});
  }
  return issues;
}

const std::vector<Issue>& ConfigurationKeys::find_issues(const ConfigurationView& configuration,
                                                         const ShapeReader& shape_of) {
  DatasetFacts& facts = dataset_facts(configuration);
  if (!facts.issues.empty() || study_.kind == StudyKind::kCommand) {
    return facts.issues;
  }
  if (!facts.has_shape) {
    facts.has_shape = true;
    if (facts.spec.file.empty()) {
      facts.shape = image_shape(facts.spec);
    } else if (shape_of) {
      facts.shape = shape_of(facts.spec.file);
    }
  }
  const auto& values = configuration.state.value;
  const auto [entry, is_new] =
      facts.fits.try_emplace({values[model_node_], values[downsample_node_], values[batch_node_]});
  if (is_new) {
    entry->second = batch_problems(configuration, facts.spec);
    if (facts.shape) {
      const auto problems = geometry_problems(configuration, *facts.shape);
      entry->second.insert(entry->second.end(), problems.begin(), problems.end());
    }
  }
  return entry->second;
}

KeyMaker ConfigurationKeys::make_key_maker(const ConfigurationView& configuration,
                                           const std::string& left_out) {
  DatasetFacts& facts = dataset_facts(configuration);
  if (study_.dataset && facts.identity.empty()) {
    facts.identity = dataset_identity(facts.spec, hash_file_);
  }
  return KeyMaker({.kind = study_.kind == StudyKind::kTrain ? "train" : "command",
                   .code_json = code_json(configuration),
                   .dataset = facts.identity,
                   .arm = study_.arm,
                   .world_size = study_.resources.members,
                   .parameters_json = parameters_json(configuration, left_out)});
}

KeyMaker make_key_maker(const Study& study,
                        const Assignment& configuration,
                        const FileHasher& hash_file) {
  std::vector<PlanColumn> columns;
  for (const auto& [name, value] : configuration) {
    columns.push_back({name, {value}});
  }
  const ParameterGraph graph(study, columns, names_for_keys(study));
  std::vector<std::uint32_t> cells(columns.size(), 0);
  ParameterGraph::State state = graph.make_state();
  graph.prune(cells, state);
  return ConfigurationKeys(study, columns, graph, hash_file).make_key_maker({cells, state});
}

DatasetSpec dataset_of(const Study& study, const Assignment& configuration) {
  DatasetSpec spec = study.dataset.value_or(DatasetSpec{});
  for (const auto& [name, value] : configuration) {
    if (is_dataset_name(name)) {
      set_dataset_value(spec, std::string_view(name).substr(kDatasetPrefix.size()), value);
    }
  }
  return spec;
}

}  // namespace glimpse::experiments
