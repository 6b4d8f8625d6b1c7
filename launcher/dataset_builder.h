#pragma once

// Turns a dataset's values into its file in the results folder. What is there already is verified
// and kept. Of several processes that want the same file, one makes it and the others wait. SIGINT
// and SIGTERM end a build cleanly: nothing half made is left.

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "experiments/dataset_spec.h"
#include "launcher/env.h"
#include "launcher/interruption.h"
#include "launcher/mnist_source.h"
#include "launcher/study_source.h"

namespace glimpse::experiments {
struct DigitSet;
}

namespace glimpse::launcher {

struct BuildRules {
  int threads = 1;
  bool allows_unverified = false;
};

struct BuiltDataset {
  std::filesystem::path path;
  std::string identity;
  bool was_there = false;
  double build_s = 0;   // drawing and writing
  double commit_s = 0;  // waiting for the disk
};

// Where a dataset of this identity lies, built or not.
std::filesystem::path dataset_path(const Settings& settings,
                                   const experiments::DatasetSpec& spec,
                                   const std::string& identity);

// Builds one dataset after another; sources are loaded once. One thread uses it.
class DatasetBuilder {
 public:
  DatasetBuilder(const BuildRules& rules, Env& env) : rules_(rules), env_(env) {}

  BuiltDataset build(const experiments::DatasetSpec& spec);

 private:
  [[nodiscard]] std::string identity_text(const experiments::DatasetSpec& spec);
  const MnistContent& mnist();
  std::shared_ptr<const experiments::DigitSet> make_digits(const experiments::DatasetSpec& spec);
  bool make(const experiments::DatasetSpec& spec, const std::string& text, BuiltDataset& built);
  void write(const experiments::DatasetSpec& spec,
             const std::string& text,
             const Interruption& interruption,
             BuiltDataset& built);

  BuildRules rules_;
  Env& env_;
  std::optional<MnistContent> mnist_;
};

// Those of all trials that the study plans, on all cores.
void build_datasets(const LoadedStudy& loaded, Env& env);

}  // namespace glimpse::launcher
