#pragma once

// What a model costs and whether it fits its images, worked out from parameters and shape alone:
// layer sides, parameter counts, operations. `glimpse models`, the plan's refusals and the
// scheduler's first guess of a trial's length read it, and the worker's modules are tested against
// it. Everything is a pure function.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "experiments/dataset_spec.h"
#include "experiments/value.h"

namespace glimpse::experiments {

// Three valid 3x3 convolutions with two poolings between them leave one pixel of 18.
inline constexpr int kSmallestCrop = 18;
// Three poolings, each before a valid 3x3 convolution, leave one pixel of 36.
inline constexpr int kSmallestLocalisationInput = 36;

struct LayerFacts {
  std::string name;
  int channels = 0;  // of its output
  int height = 0;
  int width = 0;
  int runs = 1;  // how often it runs per image
  std::uint64_t parameters = 0;
  std::uint64_t macs = 0;  // multiply-adds of all its runs for one image
};

struct ModelFacts {
  std::vector<LayerFacts> layers;  // in order of computation
  int crop_width = 0;              // what the classifier reads
  int crop_height = 0;
  std::uint64_t parameters = 0;  // trained ones
  std::uint64_t macs = 0;        // forward, per image
  std::uint64_t classifier_macs = 0;
  std::uint64_t flops = 0;  // 2 per multiply-add and 30 per sampled pixel; forward, per image
};

// A glimpse's side: the image's over the down-sampling factor, cut off as the released code does.
int crop_side(int image_side, double downsample);

// Says why this model cannot read these images and what would help; nothing if it can.
std::optional<std::string> geometry_problem(const Assignment& parameters, const ImageShape& shape);

// Throws std::invalid_argument with geometry_problem's text where there is one.
ModelFacts model_facts(const Assignment& parameters, const ImageShape& shape);

// Training costs three forward passes (the backward pass counts as two), validation one; exact
// training errors are one more pass over the training images.
double epoch_flops(const Assignment& parameters, const DatasetSpec& dataset);
// All epochs, and two passes over the test images at the end.
double trial_flops(const Assignment& parameters, const DatasetSpec& dataset);

}  // namespace glimpse::experiments
