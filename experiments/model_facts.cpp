#include "experiments/model_facts.h"

#include <cmath>
#include <stdexcept>
#include <utility>

#include "experiments/json_writer.h"
#include "experiments/model_table.h"

namespace glimpse::experiments {
namespace {

constexpr int kThetaSize = 6;  // an affine transform of the plane
constexpr std::uint64_t kFlopsPerSample = 30;

std::uint64_t size(int count) {
  return static_cast<std::uint64_t>(count);
}

// Reads resolved parameters.
class Parameters {
 public:
  explicit Parameters(const Assignment& given) : values_(resolve(given)) {}

  [[nodiscard]] const std::string& text(const std::string& name) const {
    return std::get<std::string>(values_.at(name));
  }
  [[nodiscard]] double number(const std::string& name) const {
    return std::get<double>(values_.at(name));
  }
  [[nodiscard]] int whole(const std::string& name) const { return static_cast<int>(number(name)); }
  [[nodiscard]] bool flag(const std::string& name) const {
    return std::get<bool>(values_.at(name));
  }
  [[nodiscard]] bool has_glimpse() const { return values_.contains("downsample"); }

 private:
  Assignment values_;
};

// Follows an image through a network and adds up what its layers cost.
class Tally {
 public:
  Tally(int channels, int height, int width, int runs)
      : channels_(channels), height_(height), width_(width), runs_(runs) {}

  void convolve(const std::string& name, int filters) {
    height_ -= 2;
    width_ -= 2;
    const std::uint64_t weights = size(channels_) * size(filters) * 9;
    channels_ = filters;
    add(name, weights + size(filters), weights * size(height_) * size(width_));
  }

  void pool(const std::string& name) {
    height_ /= 2;
    width_ /= 2;
    add(name, 0, 0);
  }

  void dense(const std::string& name, int units) {
    const std::uint64_t weights = flat() * size(units);
    become_vector(units);
    add(name, weights + size(units), weights);
  }

  // The input's product is counted at every step, although one suffices where the input stays.
  void gru(int units, bool has_learned_start) {
    const std::uint64_t weights = 3 * (flat() + size(units)) * size(units);
    become_vector(units);
    const std::uint64_t start = has_learned_start ? size(units) : 0;
    add("gru", weights + 3 * size(units) + start, weights);
  }

  // The softmaxes of the digits read one vector with weights of their own.
  void softmaxes(int count, int classes) {
    const std::uint64_t weights = flat() * size(classes) * size(count);
    become_vector(classes * count);
    add("softmax", weights + size(classes) * size(count), weights);
  }

  void repeat(int runs) { runs_ = runs; }
  [[nodiscard]] std::vector<LayerFacts> take() { return std::move(layers_); }

 private:
  [[nodiscard]] std::uint64_t flat() const {
    return size(channels_) * size(height_) * size(width_);
  }

  void become_vector(int units) {
    channels_ = units;
    height_ = 1;
    width_ = 1;
  }

  void add(const std::string& name, std::uint64_t parameters, std::uint64_t macs) {
    layers_.push_back({name, channels_, height_, width_, runs_, parameters, macs * size(runs_)});
  }

  std::vector<LayerFacts> layers_;
  int channels_;
  int height_;
  int width_;
  int runs_;
};

std::vector<LayerFacts> localisation_layers(const Parameters& p, const ImageShape& shape) {
  Tally tally(1, shape.height, shape.width, 1);
  for (const char* step : {"1", "2", "3"}) {
    tally.pool(std::string("localisation pool ") + step);
    tally.convolve(std::string("localisation conv ") + step, p.whole("localisation_filters"));
  }
  if (p.text("model") == "rnn-spn") {
    tally.repeat(shape.digits);
    tally.gru(p.whole("hidden"), p.flag("learned_h0"));
  } else {
    tally.dense("localisation dense", p.whole("localisation_dense"));
  }
  tally.dense("theta", kThetaSize);
  return tally.take();
}

std::vector<LayerFacts> classifier_layers(const Parameters& p,
                                          const ImageShape& shape,
                                          int crop_height,
                                          int crop_width) {
  const bool is_per_digit = p.text("model") == "rnn-spn";
  const int filters = p.whole("filters");
  Tally tally(1, crop_height, crop_width, is_per_digit ? shape.digits : 1);
  tally.convolve("conv 1", filters);
  tally.pool("pool 1");
  tally.convolve("conv 2", filters);
  tally.pool("pool 2");
  tally.convolve("conv 3", filters);
  tally.dense("dense", p.whole("dense"));
  tally.softmaxes(is_per_digit ? 1 : shape.digits, shape.classes);
  return tally.take();
}

std::string number_text(double number) {
  std::string text;
  append_json_number(text, number);
  return text;
}

std::string size_text(int width, int height) {
  return std::to_string(width) + "x" + std::to_string(height);
}

std::optional<std::string> crop_problem(double downsample, const ImageShape& shape) {
  const int width = crop_side(shape.width, downsample);
  const int height = crop_side(shape.height, downsample);
  if (std::min(width, height) >= kSmallestCrop) {
    return std::nullopt;
  }
  // Two decimals, cut off, so that what is advised is legal.
  const double largest = std::floor(std::min(shape.width, shape.height) * 100.0 / kSmallestCrop);
  const double side = std::ceil(downsample * kSmallestCrop);
  return "downsample " + number_text(downsample) + " leaves glimpses of " +
         size_text(width, height) + " pixels on images of " + size_text(shape.width, shape.height) +
         ", and the classifier needs " + size_text(kSmallestCrop, kSmallestCrop) +
         " (use a downsample of at most " + number_text(largest / 100) +
         ", or images of at least " + number_text(side) + " pixels a side)";
}

std::optional<std::string> geometry_problem(const Parameters& p, const ImageShape& shape) {
  const int needed = p.has_glimpse() ? kSmallestLocalisationInput : kSmallestCrop;
  if (std::min(shape.width, shape.height) < needed) {
    return p.text("model") + " needs images of at least " + size_text(needed, needed) +
           " pixels, and these have " + size_text(shape.width, shape.height);
  }
  return p.has_glimpse() ? crop_problem(p.number("downsample"), shape) : std::nullopt;
}

ModelFacts model_facts(const Parameters& p, const ImageShape& shape) {
  if (const auto problem = geometry_problem(p, shape)) {
    throw std::invalid_argument(*problem);
  }
  ModelFacts facts;
  std::uint64_t sampled = 0;
  facts.crop_width = shape.width;
  facts.crop_height = shape.height;
  if (p.has_glimpse()) {
    facts.layers = localisation_layers(p, shape);
    facts.crop_width = crop_side(shape.width, p.number("downsample"));
    facts.crop_height = crop_side(shape.height, p.number("downsample"));
    const int glimpses = p.text("model") == "rnn-spn" ? shape.digits : 1;
    sampled = size(facts.crop_width) * size(facts.crop_height) * size(glimpses);
  }
  for (LayerFacts& layer : classifier_layers(p, shape, facts.crop_height, facts.crop_width)) {
    facts.classifier_macs += layer.macs;
    facts.layers.push_back(std::move(layer));
  }
  for (const LayerFacts& layer : facts.layers) {
    facts.parameters += layer.parameters;
    facts.macs += layer.macs;
  }
  facts.flops = 2 * facts.macs + kFlopsPerSample * sampled;
  return facts;
}

double forward_flops(const Parameters& p, const DatasetSpec& dataset) {
  return static_cast<double>(model_facts(p, image_shape(dataset)).flops);
}

double epoch_flops(const Parameters& p, double forward, const DatasetSpec& dataset) {
  const int train_passes = p.flag("exact_train_error") ? 4 : 3;
  return forward * (train_passes * static_cast<double>(dataset.train) + dataset.valid);
}

}  // namespace

int crop_side(int image_side, double downsample) {
  return static_cast<int>(image_side / downsample);
}

// A plan asks for millions of configurations, so each function resolves its parameters once.

std::optional<std::string> geometry_problem(const Assignment& parameters, const ImageShape& shape) {
  return geometry_problem(Parameters(parameters), shape);
}

ModelFacts model_facts(const Assignment& parameters, const ImageShape& shape) {
  return model_facts(Parameters(parameters), shape);
}

double epoch_flops(const Assignment& parameters, const DatasetSpec& dataset) {
  const Parameters p(parameters);
  return epoch_flops(p, forward_flops(p, dataset), dataset);
}

double trial_flops(const Assignment& parameters, const DatasetSpec& dataset) {
  const Parameters p(parameters);
  const double forward = forward_flops(p, dataset);
  return p.number("epochs") * epoch_flops(p, forward, dataset) + 2.0 * forward * dataset.test;
}

}  // namespace glimpse::experiments
