#pragma once

// The networks as make_reference.py beside this writes them down a second time, in plain PyTorch,
// and the check of ours against them, on any device.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <torch/types.h>

#include "experiments/value.h"
#include "storage/safetensors/tensor_file.h"

namespace glimpse::worker {

// What the script calls a case.
struct ReferenceCase {
  const char* name;
  experiments::Assignment parameters;
  double dropout = 0;
  std::uint64_t seed = 0;
  std::uint32_t epoch = 0;
};

std::vector<ReferenceCase> reference_cases();

// Where its files are: GLIMPSE_REFERENCE_DIR, or the source tree.
std::filesystem::path reference_folder();

// The tensors of a case.
class Reference {
 public:
  explicit Reference(const std::string& name);

  [[nodiscard]] torch::Tensor at(const std::string& name) const;
  [[nodiscard]] bool holds(const std::string& name) const { return file_.find(name) != nullptr; }
  [[nodiscard]] std::size_t count(const std::string& prefix) const;
  [[nodiscard]] std::vector<std::uint32_t> samples() const;
  [[nodiscard]] std::string recipe() const { return file_.metadata().at("recipe_sha256"); }

 private:
  storage::TensorFile file_;
};

// Outputs, loss and gradients, each to `tolerance` of its largest element.
void expect_reference(const ReferenceCase& each,
                      double tolerance,
                      torch::ScalarType type,
                      torch::Device device);

}  // namespace glimpse::worker
