#pragma once

// The small dataset of these tests, and models that can read it.

#include <string>

#include "experiments/model_table.h"
#include "worker/made_data.h"

namespace glimpse::worker {

// Two small digits without clutter on a canvas that every network can read.
inline experiments::DatasetSpec tiny_spec() {
  return {.source = experiments::DigitSourceKind::kBuiltin,
          .width = 40,
          .height = 44,
          .digits = 2,
          .digit_side = 16,
          .patches = 0,
          .train = 120,
          .valid = 40,
          .test = 40};
}

// The parameters of a model that can read such images: glimpses need 18 pixels a side.
inline experiments::Assignment tiny_parameters(const std::string& model,
                                               experiments::Assignment given = {}) {
  given.emplace("model", model);
  if (model != "conv") {
    given.emplace("downsample", 2.0);
  }
  return experiments::resolve(given);
}

}  // namespace glimpse::worker
