#pragma once

// The identity of a configuration, and whether its dataset and its model can exist at all.
// Remembers datasets it has seen, so an object belongs to one thread.

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "experiments/dataset_spec.h"
#include "experiments/parameter_graph.h"
#include "experiments/plan/trial_key.h"
#include "experiments/study.h"
#include "experiments/study_error.h"

namespace glimpse::experiments {

// The shape of an imported file's images; nothing where it cannot be read.
using ShapeReader = std::function<std::optional<ImageShape>(const std::string& path)>;

// What tells one program from another: a hash of the command and of the files that it names. Throws
// StudyError where a listed file does not exist.
std::string command_code(const Study& study, const FileHasher& hash_file);

// The names that ConfigurationKeys needs among the graph's nodes.
std::vector<std::string> names_for_keys(const Study& study);

// A row of a value table together with what prune() made of it.
struct ConfigurationView {
  std::span<const std::uint32_t> cells;
  const ParameterGraph::State& state;
};

class ConfigurationKeys {
 public:
  // All references must outlive the object. Throws StudyError where a listed file of a command does
  // not exist.
  ConfigurationKeys(const Study& study,
                    const std::vector<PlanColumn>& columns,
                    const ParameterGraph& graph,
                    const FileHasher& hash_file);

  // What is wrong with the configuration's dataset, with its batches, or with the crops its model
  // would see; asked before its key. An imported file is looked at only where there is a reader of
  // shapes.
  [[nodiscard]] const std::vector<Issue>& find_issues(const ConfigurationView& configuration,
                                                      const ShapeReader& shape_of);
  // Throws StudyError where an imported dataset cannot be read. `left_out` names a parameter that
  // shall not count, "" none.
  [[nodiscard]] KeyMaker make_key_maker(const ConfigurationView& configuration,
                                        const std::string& left_out = "");

 private:
  struct DatasetFacts {
    DatasetSpec spec;
    std::vector<Issue> issues;
    std::optional<ImageShape> shape;
    bool has_shape = false;  // asked for, that is
    std::string identity;    // made when first asked for
    // By the value numbers of model, downsample and batch_size; trainings only.
    std::map<std::array<std::uint32_t, 3>, std::vector<Issue>> fits;
  };

  DatasetFacts& dataset_facts(const ConfigurationView& configuration);
  [[nodiscard]] std::string parameters_json(const ConfigurationView& configuration,
                                            const std::string& left_out) const;
  [[nodiscard]] std::string fragment(std::size_t column, std::uint32_t value) const;
  [[nodiscard]] std::string code_json(const ConfigurationView& configuration) const;
  [[nodiscard]] std::vector<Issue> dataset_problems(const ConfigurationView& configuration,
                                                    const DatasetSpec& spec) const;
  [[nodiscard]] std::vector<Issue> batch_problems(const ConfigurationView& configuration,
                                                  const DatasetSpec& spec) const;
  [[nodiscard]] std::vector<Issue> geometry_problems(const ConfigurationView& configuration,
                                                     const ImageShape& shape) const;
  // Where the configuration gives a value; "" where the study says nothing of it.
  [[nodiscard]] std::string pointer_to(const ConfigurationView& configuration,
                                       const std::string& name) const;

  const Study& study_;
  const std::vector<PlanColumn>& columns_;
  const ParameterGraph& graph_;
  const FileHasher& hash_file_;
  std::vector<std::size_t> dataset_columns_;
  std::vector<std::vector<std::string>> fragments_;  // "name":value, where there are few values
  std::string command_code_;                         // JSON, for commands
  std::size_t model_node_ = 0;                       // for trainings
  std::size_t downsample_node_ = 0;
  std::size_t batch_node_ = 0;
  std::map<std::vector<std::uint32_t>, DatasetFacts> datasets_;  // by the dataset columns' cells
};

// The same for one configuration by itself, as a study or a results folder tells of it.
KeyMaker make_key_maker(const Study& study,
                        const Assignment& configuration,
                        const FileHasher& hash_file);

// The study's dataset with the configuration's `dataset.*` values put in.
DatasetSpec dataset_of(const Study& study, const Assignment& configuration);

}  // namespace glimpse::experiments
