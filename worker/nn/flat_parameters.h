#pragma once

// All trained parameters of a network as views of one buffer, and their gradients as views of
// another: one norm, one update, one copy for everything. Convolutions lie channels last in it, so
// a view is a parameter's logical shape over that memory; between two parameters lie zeros up to
// the next 64 bytes, which every operation here leaves zero.
//
// Traps: Module::zero_grad() and Module::to() would drop the views behind our back; zero the
// gradients here, and move a module before it is flattened. One thread.

#include <cstdint>
#include <string>
#include <vector>

#include <torch/nn/module.h>

namespace glimpse::worker {

struct NamedView {
  std::string name;
  torch::Tensor tensor;
};

class FlatParameters {
 public:
  // Keeps the values that the parameters have.
  explicit FlatParameters(torch::nn::Module& module);

  [[nodiscard]] const torch::Tensor& weights() const { return weights_; }
  [[nodiscard]] const torch::Tensor& gradients() const { return gradients_; }
  // Elements without the zeros between them.
  [[nodiscard]] std::int64_t count() const { return count_; }

  // The parts of any buffer of this layout, named and shaped as the parameters.
  [[nodiscard]] std::vector<NamedView> views(const torch::Tensor& flat) const;
  // Whether every parameter and gradient still lies where it was put.
  [[nodiscard]] bool is_intact() const;

 private:
  struct Part {
    std::string name;
    torch::Tensor parameter;
    std::int64_t offset = 0;
  };
  [[nodiscard]] static torch::Tensor view_of(const Part& part, const torch::Tensor& flat);

  std::vector<Part> parts_;
  torch::Tensor weights_;
  torch::Tensor gradients_;
  std::int64_t count_ = 0;
};

}  // namespace glimpse::worker
