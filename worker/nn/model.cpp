#include "worker/nn/model.h"

#include <stdexcept>
#include <string>
#include <variant>

#include "experiments/model_facts.h"
#include "worker/nn/conv_net.h"
#include "worker/nn/ffn_spn.h"
#include "worker/nn/rnn_spn.h"

namespace glimpse::worker {
namespace {

using experiments::Assignment;
using experiments::ImageShape;
using experiments::ModelFacts;

const std::string& text(const Assignment& p, const std::string& name) {
  return std::get<std::string>(p.at(name));
}

std::int64_t whole(const Assignment& p, const std::string& name) {
  return static_cast<std::int64_t>(std::get<double>(p.at(name)));
}

bool flag(const Assignment& p, const std::string& name) {
  return std::get<bool>(p.at(name));
}

// Elements that a layer leaves of one image.
std::int64_t features_after(const ModelFacts& facts, const std::string& name) {
  for (const experiments::LayerFacts& layer : facts.layers) {
    if (layer.name == name) {
      return std::int64_t{layer.channels} * layer.height * layer.width;
    }
  }
  throw std::logic_error("model_facts knows no layer \"" + name + "\"");
}

SamplerRule sampler_rule(const Assignment& p) {
  const std::string& name = text(p, "sampler");
  if (name == "zeros") {
    return SamplerRule::kZeros;
  }
  return name == "lasagne2015" ? SamplerRule::kLasagne2015 : SamplerRule::kBorder;
}

GlimpseOptions glimpse_options(const Assignment& p, const ModelFacts& facts) {
  return {.height = facts.crop_height, .width = facts.crop_width, .rule = sampler_rule(p)};
}

ClassifierOptions classifier_options(const Assignment& p,
                                     const ModelFacts& facts,
                                     const ImageShape& shape) {
  return {.filters = whole(p, "filters"),
          .features = features_after(facts, "conv 3"),
          .dense = whole(p, "dense"),
          .digits = text(p, "model") == "rnn-spn" ? 1 : shape.digits,
          .classes = shape.classes,
          .has_third_dropout = flag(p, "third_dropout")};
}

GruOptions gru_options(const Assignment& p, const ModelFacts& facts) {
  return {.inputs = features_after(facts, "localisation conv 3"),
          .units = whole(p, "hidden"),
          .reset =
              text(p, "gru") == "reset_before" ? GruReset::kBeforeProduct : GruReset::kAfterProduct,
          .has_learned_start = flag(p, "learned_h0")};
}

std::shared_ptr<Model> make_rnn_spn(const Assignment& p, const ImageShape& shape) {
  const ModelFacts facts = model_facts(p, shape);
  return std::make_shared<RnnSpn>(
      RnnSpnOptions{.glimpses = shape.digits,
                    .localisation_filters = whole(p, "localisation_filters"),
                    .has_localisation_dropout = flag(p, "localisation_dropout"),
                    .gru = gru_options(p, facts),
                    .glimpse = glimpse_options(p, facts),
                    .classifier = classifier_options(p, facts, shape)});
}

std::shared_ptr<Model> make_ffn_spn(const Assignment& p, const ImageShape& shape) {
  const ModelFacts facts = model_facts(p, shape);
  return std::make_shared<FfnSpn>(
      FfnSpnOptions{.localisation_filters = whole(p, "localisation_filters"),
                    .localisation_features = features_after(facts, "localisation conv 3"),
                    .localisation_dense = whole(p, "localisation_dense"),
                    .glimpse = glimpse_options(p, facts),
                    .classifier = classifier_options(p, facts, shape)});
}

std::shared_ptr<Model> make_conv_net(const Assignment& p, const ImageShape& shape) {
  return std::make_shared<ConvNet>(classifier_options(p, model_facts(p, shape), shape));
}

}  // namespace

std::shared_ptr<Model> make_model(const Assignment& resolved, const ImageShape& shape) {
  const std::string& name = text(resolved, "model");
  if (name == "rnn-spn") {
    return make_rnn_spn(resolved, shape);
  }
  if (name == "ffn-spn") {
    return make_ffn_spn(resolved, shape);
  }
  if (name == "conv") {
    return make_conv_net(resolved, shape);
  }
  throw std::invalid_argument("make a network: none is called \"" + name +
                              "\" ('glimpse models' lists them)");
}

}  // namespace glimpse::worker
