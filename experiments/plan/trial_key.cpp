#include "experiments/plan/trial_key.h"

#include <stdexcept>

#include "experiments/hash/sha256.h"
#include "experiments/json_writer.h"
#include "experiments/model_table.h"
#include "experiments/value.h"

namespace glimpse::experiments {
std::string TrialKey::hex() const {
  return experiments::hex(bytes);
}

std::string TrialKey::run_id() const {
  return hex().substr(0, 32);
}

// RFC 8785 wants names in code-unit order, so the order of these lines is the format.
KeyMaker::KeyMaker(const KeyFacts& facts) {
  before_seed_.reserve(256 + facts.parameters_json.size());
  before_seed_ = '{';
  if (!facts.arm.empty()) {
    before_seed_ += "\"arm\":";
    append_json_string(before_seed_, facts.arm);
    before_seed_ += ',';
  }
  before_seed_ += "\"code\":" + facts.code_json + ",\"dataset\":";
  // Neither hexadecimal digits nor the two kinds need escapes.
  if (facts.dataset.empty()) {
    before_seed_ += "null";
  } else {
    before_seed_.append(1, '"').append(facts.dataset).append(1, '"');
  }
  before_seed_.append(",\"kind\":\"").append(facts.kind).append("\",\"parameters\":");
  before_seed_.append(facts.parameters_json).append(",\"seed\":");
  if (facts.world_size != 1) {
    after_seed_ = ",\"world_size\":" + std::to_string(facts.world_size);
  }
  after_seed_ += '}';
}

std::string KeyMaker::text(std::uint64_t seed) const {
  if (seed > std::uint64_t{kMaxWhole}) {
    throw std::invalid_argument("seed " + std::to_string(seed) + " is larger than " +
                                std::to_string(kMaxWhole));
  }
  return before_seed_ + std::to_string(seed) + after_seed_;
}

TrialKey KeyMaker::key(std::uint64_t seed) const {
  return {sha256(text(seed))};
}

TrialKey make_training_key(const TrainingFacts& facts) {
  const Assignment resolved = resolve(facts.parameters);
  const auto& model = std::get<std::string>(resolved.at("model"));
  return KeyMaker({.kind = "train",
                   .code_json = std::to_string(find_model(model)->code),
                   .dataset = facts.dataset,
                   .arm = facts.arm,
                   .world_size = facts.world_size,
                   .parameters_json = render_json(without_defaults(facts.parameters))})
      .key(facts.seed);
}

}  // namespace glimpse::experiments
