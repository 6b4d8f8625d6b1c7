#pragma once

// Networks for tests, made of the parameters of a study that differ from their defaults.

#include <cstdint>
#include <memory>

#include "experiments/model_table.h"
#include "worker/nn/model.h"

namespace glimpse::worker {

inline std::shared_ptr<Model> make_fresh_model(const experiments::Assignment& given,
                                               const experiments::ImageShape& shape = {},
                                               std::uint64_t seed = 1) {
  std::shared_ptr<Model> model = make_model(experiments::resolve(given), shape);
  init_weights(*model, seed);
  return model;
}

}  // namespace glimpse::worker
