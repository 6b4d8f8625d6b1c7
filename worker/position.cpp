#include "worker/position.h"

#include <charconv>
#include <limits>
#include <stdexcept>
#include <type_traits>

#include "experiments/json_writer.h"

namespace glimpse::worker {
namespace {

using Counters = std::map<std::string, std::string>;

std::string render(double value) {
  std::string text;
  experiments::append_json_number(text, value);
  return text;
}

// The one list of what is kept: use(name, field) for each.
template <typename Kept, typename Use>
void for_each_counter(Kept& kept, const Use& use) {
  use("epoch", kept.epoch);
  use("step_in_epoch", kept.step_in_epoch);
  use("step", kept.step);
  use("best_epoch", kept.best_epoch);
  use("best_valid_error", kept.best_valid_error);
  use("train_images", kept.totals.outputs.images);
  use("train_digits", kept.totals.outputs.digits);
  use("train_wrong_digits", kept.totals.outputs.wrong_digits);
  use("train_wrong_sequences", kept.totals.outputs.wrong_sequences);
  use("train_loss", kept.totals.outputs.loss);
  use("train_steps", kept.totals.steps);
  use("train_clipped", kept.totals.clipped);
  use("train_gradient_norm", kept.totals.gradient_norm);
}

template <typename Number>
void parse(const Counters& counters, const std::string& name, Number& number) {
  const auto found = counters.find(name);
  if (found == counters.end()) {
    throw std::invalid_argument("its counter '" + name + "' is missing");
  }
  const std::string& text = found->second;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() ||
      !(number >= 0 && number <= std::numeric_limits<Number>::max())) {
    throw std::invalid_argument("its counter '" + name + "' is '" + text + "'");
  }
}

}  // namespace

Counters render_counters(const Position& position) {
  Counters counters;
  for_each_counter(position, [&](const char* name, auto field) {
    if constexpr (std::is_same_v<decltype(field), double>) {
      counters.emplace(name, render(field));
    } else {
      counters.emplace(name, std::to_string(field));
    }
  });
  return counters;
}

Position parse_counters(const Counters& counters) {
  Position position;
  for_each_counter(position, [&](const char* name, auto& field) { parse(counters, name, field); });
  if (position.epoch < 1) {
    throw std::invalid_argument("its counter 'epoch' is '0'");
  }
  return position;
}

}  // namespace glimpse::worker
