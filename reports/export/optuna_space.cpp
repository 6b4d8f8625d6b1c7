#include "reports/export/optuna_space.h"

#include <algorithm>
#include <cmath>

#include "experiments/json_writer.h"

namespace glimpse::reports {
namespace {

using experiments::Distribution;
using experiments::JsonWriter;
using experiments::Parameter;
using experiments::Range;
using experiments::Space;
using experiments::Study;
using experiments::Value;

const Space* find_space(const Study& study, const std::string& name) {
  const auto found = std::find_if(
      study.parameters.begin(), study.parameters.end(), [&](const Parameter& parameter) {
        return parameter.name == name;
      });
  return found == study.parameters.end() ? nullptr : &found->space;
}

bool is_number(const Value& value) {
  return std::holds_alternative<double>(value);
}

bool is_whole(const Value& value) {
  return is_number(value) && std::floor(std::get<double>(value)) == std::get<double>(value);
}

std::string render_range(const char* name, double low, double high, bool is_log, bool has_step) {
  JsonWriter json;
  json.begin_object().key("name").string(name).key("attributes").begin_object();
  json.key("log").boolean(is_log).key("step");
  has_step ? json.integer(1) : json.null();
  json.key("low").number(low).key("high").number(high);
  return json.end_object().end_object().take();
}

}  // namespace

OptunaSpace::OptunaSpace(const Study& study, const std::vector<RunFacts>& runs) {
  std::map<std::string, Seen> seen;
  for (const RunFacts& run : runs) {
    for (const auto& [name, value] : run.parameters) {
      seen[name].insert(value);
    }
  }
  for (const auto& [name, values] : seen) {
    dimensions_.emplace(name, dimension_of(find_space(study, name), values));
  }
}

// A run that another study planned first has the parameters that were written there, which this
// study may not name: those are choices among what there is.
OptunaSpace::Dimension OptunaSpace::dimension_of(const Space* space, const Seen& seen) {
  const Range* const range = space == nullptr ? nullptr : std::get_if<Range>(space);
  if (range != nullptr && std::all_of(seen.begin(), seen.end(), is_number)) {
    return numeric(*range, seen);
  }
  return categorical(space, seen);
}

OptunaSpace::Dimension OptunaSpace::categorical(const Space* space, const Seen& seen) {
  Dimension dimension;
  JsonWriter json;
  json.begin_object().key("name").string("CategoricalDistribution").key("attributes");
  json.begin_object().key("choices").begin_array();
  const auto add = [&](const Value& choice) {
    if (dimension.places.emplace(choice, dimension.places.size()).second) {
      json.raw(experiments::render_json(choice));
    }
  };
  const auto* const list = space == nullptr ? nullptr : std::get_if<std::vector<Value>>(space);
  if (list != nullptr) {
    std::for_each(list->begin(), list->end(), add);
  }
  std::for_each(seen.begin(), seen.end(), add);
  dimension.distribution = json.end_array().end_object().end_object().take();
  return dimension;
}

OptunaSpace::Dimension OptunaSpace::numeric(const Range& range, const Seen& seen) {
  const double least = std::get<double>(*seen.begin());
  const double most = std::get<double>(*seen.rbegin());
  const bool has_ends = range.distribution != Distribution::kNormal;
  const double low = has_ends ? std::min(range.low, least) : least;
  const double high = has_ends ? std::max(range.high, most) : most;
  if (range.distribution == Distribution::kIntUniform &&
      std::all_of(seen.begin(), seen.end(), is_whole)) {
    return {render_range("IntDistribution", low, high, false, true), {}};
  }
  const bool is_log = range.distribution == Distribution::kLogUniform && low > 0;
  return {render_range("FloatDistribution", low, high, is_log, false), {}};
}

const std::string& OptunaSpace::distribution(const std::string& parameter) const {
  return dimensions_.at(parameter).distribution;
}

double OptunaSpace::number_for(const std::string& parameter, const Value& value) const {
  const Dimension& dimension = dimensions_.at(parameter);
  return dimension.places.empty() ? std::get<double>(value)
                                  : static_cast<double>(dimension.places.at(value));
}

}  // namespace glimpse::reports
