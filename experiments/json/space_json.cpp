#include "experiments/json/space_json.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <variant>

#include "experiments/json/key_row.h"
#include "experiments/json/vocabulary.h"
#include "experiments/space.h"

namespace glimpse::experiments {
namespace {

// Ends of a range are subtracted from each other, which must not overflow.
constexpr double kMaxNumber = 1e300;

// Reads the two ends of a range, or mean and deviation. An end must be a legal value.
class RangeReader {
 public:
  RangeReader(ObjectReader& object, const std::string& name, const Vocabulary& vocabulary)
      : object_(object), name_(name), vocabulary_(vocabulary) {}

  std::optional<Range> read() {
    Range range;
    const std::optional<ValueReader> distribution = object_.find("distribution");
    if (distribution) {
      const auto choice = distribution->choice(distribution_names());
      if (!choice) {
        return std::nullopt;
      }
      range.distribution = static_cast<Distribution>(*choice);
    }
    return range.distribution == Distribution::kNormal ? read_normal(range) : read_ends(range);
  }

 private:
  std::optional<double> read_number(const char* key, bool must_be_legal) {
    const std::optional<ValueReader> reader = object_.require(key);
    if (!reader) {
      return std::nullopt;
    }
    const std::optional<double> number = reader->real(-kMaxNumber, kMaxNumber);
    if (number && must_be_legal) {
      if (const auto problem = vocabulary_.value_problem(name_, *number)) {
        reader->complain(*problem);
        return std::nullopt;
      }
    }
    return number;
  }

  // A normal draw may leave the legal range anywhere, so only the mean is held against it.
  std::optional<Range> read_normal(Range range) {
    const std::optional<double> mu = read_number("mu", true);
    const std::optional<double> sigma = read_number("sigma", false);
    if (!mu || !sigma) {
      return std::nullopt;
    }
    range.low = *mu;
    range.high = *sigma;
    return sound(range);
  }

  std::optional<Range> read_ends(Range range) {
    const std::optional<double> min = read_number("min", true);
    const std::optional<double> max = read_number("max", true);
    if (!min || !max) {
      return std::nullopt;
    }
    range.low = *min;
    range.high = *max;
    return sound(range);
  }

  [[nodiscard]] std::optional<Range> sound(const Range& range) const {
    if (const auto problem = range_problem(range)) {
      object_.self().complain(*problem);
      return std::nullopt;
    }
    if (!is_discrete(range) && vocabulary_.is_whole(name_)) {
      object_.self().complain(std::string(kWantsWholeNumbers));
      return std::nullopt;
    }
    return range;
  }

  ObjectReader& object_;
  const std::string& name_;
  const Vocabulary& vocabulary_;
};

std::optional<Space> read_space(ObjectReader& object,
                                const std::string& name,
                                const Vocabulary& vocabulary) {
  const std::optional<ValueReader> value = object.find("value");
  const std::optional<ValueReader> values = object.find("values");
  // Every key is asked for, so that all of them count as known.
  bool has_range = false;
  for (const char* key : {"min", "max", "mu", "sigma", "distribution"}) {
    has_range = object.find(key).has_value() || has_range;
  }
  if ((value ? 1 : 0) + (values ? 1 : 0) + (has_range ? 1 : 0) != 1) {
    object.self().complain(
        R"(needs exactly one of "value", "values", "min" with "max", or "mu" with "sigma")");
    return std::nullopt;
  }
  if (has_range) {
    const std::optional<Range> range = RangeReader(object, name, vocabulary).read();
    return range ? std::optional<Space>(*range) : std::nullopt;
  }
  if (values) {
    return read_values(*values, name, vocabulary);
  }
  const std::optional<Value> single = read_value(*value, name, vocabulary);
  return single ? std::optional<Space>(std::vector<Value>{*single}) : std::nullopt;
}

// One value is printed as "value": the reader makes the same list of both.
JsonNode make_space_node(const Space& space) {
  JsonMembers members;
  if (const auto* values = std::get_if<std::vector<Value>>(&space)) {
    if (values->size() == 1) {
      members.push_back({"value", {}, make_node(values->front())});
    } else {
      members.push_back({"values", {}, make_node(*values)});
    }
    return {.value = std::move(members), .place = {}};
  }
  const Range& range = std::get<Range>(space);
  const bool is_normal = range.distribution == Distribution::kNormal;
  members.push_back({is_normal ? "mu" : "min", {}, make_node(range.low)});
  members.push_back({is_normal ? "sigma" : "max", {}, make_node(range.high)});
  const auto distribution = static_cast<std::size_t>(range.distribution);
  members.push_back({"distribution", {}, make_node(distribution_names().at(distribution))});
  return {.value = std::move(members), .place = {}};
}

// What somebody meant who wrote a value or a list where a space belongs.
const char* wanted_space(const JsonNode& node) {
  return std::holds_alternative<JsonItems>(node.value) ? R"({"values": [...]})"
                                                       : R"({"value": ...})";
}

}  // namespace

const std::vector<std::string>& distribution_names() {
  static const std::vector<std::string> names{"uniform", "log_uniform", "int_uniform", "normal"};
  return names;
}

void read_parameters(const ValueReader& reader, Study& study) {
  const Vocabulary vocabulary(study);
  std::optional<ObjectReader> object = reader.object();
  if (!object) {
    return;
  }
  for (const auto& [name, value] : object->members()) {
    if (!vocabulary.accepts_name(name, value)) {
      continue;
    }
    if (!std::holds_alternative<JsonMembers>(value.node().value)) {
      value.complain(std::string("must be an object, such as ") + wanted_space(value.node()) +
                     ", not " + describe(value.node()));
    } else if (std::optional<ObjectReader> content = value.object()) {
      if (std::optional<Space> space = read_space(*content, name, vocabulary)) {
        study.parameters.push_back({name, std::move(*space)});
      }
      content->finish();
    }
  }
  std::sort(study.parameters.begin(),
            study.parameters.end(),
            [](const Parameter& a, const Parameter& b) { return a.name < b.name; });
}

std::optional<JsonNode> write_parameters(const Study& study) {
  if (study.parameters.empty()) {
    return std::nullopt;
  }
  JsonMembers members;
  for (const Parameter& parameter : study.parameters) {
    members.push_back({parameter.name, {}, make_space_node(parameter.space)});
  }
  return JsonNode{.value = std::move(members), .place = {}};
}

}  // namespace glimpse::experiments
