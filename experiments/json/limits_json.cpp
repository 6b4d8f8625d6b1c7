#include "experiments/json/limits_json.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <regex>
#include <utility>

#include "experiments/faults.h"
#include "experiments/json/key_row.h"
#include "experiments/nearest.h"
#include "experiments/units.h"

namespace glimpse::experiments {
namespace {

constexpr std::int64_t kMostTrialsBack = 1'000'000;

bool is_one_of(const std::string& name, const std::vector<std::string>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::optional<std::uint64_t> read_resource_limit(const std::string& name,
                                                 const ValueReader& reader) {
  if (is_one_of(name, size_limit_names())) {
    return reader.size(0);
  }
  if (is_one_of(name, count_limit_names())) {
    const auto count = reader.whole(0, kMaxWhole);
    return count ? std::optional(static_cast<std::uint64_t>(*count)) : std::nullopt;
  }
  std::vector<std::string> names = size_limit_names();
  names.insert(names.end(), count_limit_names().begin(), count_limit_names().end());
  reader.complain_key("unknown key" + did_you_mean(name, names));
  return std::nullopt;
}

// The pattern is compiled once here, so that a bad one is found before a trial runs.
bool is_pattern(const ValueReader& reader, const std::string& pattern) {
  if (pattern.empty() || pattern.size() > kLongestLogPattern) {
    reader.complain("must have 1 to " + std::to_string(kLongestLogPattern) + " characters");
    return false;
  }
  try {
    const std::regex compiled(pattern, std::regex::ECMAScript);
  } catch (const std::regex_error&) {
    reader.complain("not a regular expression (ECMAScript): " + describe(reader.node()));
    return false;
  }
  return true;
}

std::optional<LogPattern> read_log_pattern(const ValueReader& reader) {
  std::optional<ObjectReader> object = reader.object();
  if (!object) {
    return std::nullopt;
  }
  const std::optional<ValueReader> pattern = object->require("pattern");
  const std::optional<ValueReader> fault = object->require("class");
  object->finish();
  if (!pattern || !fault) {
    return std::nullopt;
  }
  const std::vector<std::string> names = fault_names();
  const auto text = pattern->text();
  const auto choice = fault->choice(names);
  if (!text || !is_pattern(*pattern, *text) || !choice) {
    return std::nullopt;
  }
  return LogPattern{*text, names.at(*choice)};
}

}  // namespace

const std::vector<std::string>& size_limit_names() {
  static const std::vector<std::string> names{"as", "core", "data", "fsize", "memlock", "stack"};
  return names;
}

const std::vector<std::string>& count_limit_names() {
  static const std::vector<std::string> names{"cpu", "nofile", "nproc"};
  return names;
}

// Only classes of the table may be given, so that the retry rules know what to do.
std::vector<std::string> fault_names() {
  std::vector<std::string> names;
  for (const FaultRow& row : fault_rows()) {
    names.emplace_back(row.name);
  }
  return names;
}

// Sorted by name, so that the order of keys means nothing here either.
void read_resource_limits(const ValueReader& reader, Study& study) {
  std::optional<ObjectReader> object = reader.object();
  if (!object) {
    return;
  }
  std::vector<ResourceLimit>& limits = study.limits.rlimits;
  for (const auto& [name, value] : object->members()) {
    if (const auto limit = read_resource_limit(name, value)) {
      limits.push_back({name, *limit});
    }
  }
  std::sort(limits.begin(), limits.end(), [](const ResourceLimit& a, const ResourceLimit& b) {
    return a.name < b.name;
  });
}

std::optional<JsonNode> write_resource_limits(const Study& study) {
  if (study.limits.rlimits.empty()) {
    return std::nullopt;
  }
  JsonMembers members;
  for (const ResourceLimit& limit : study.limits.rlimits) {
    JsonNode value = is_one_of(limit.name, size_limit_names())
                         ? make_node(render_size(limit.value))
                         : make_node(static_cast<double>(limit.value));
    members.push_back({limit.name, {}, std::move(value)});
  }
  return JsonNode{.value = std::move(members), .place = {}};
}

void read_log_patterns(const ValueReader& reader, Study& study) {
  const std::optional<std::size_t> size = reader.list();
  if (size && *size > kMostLogPatterns) {
    reader.complain("must not have more than " + std::to_string(kMostLogPatterns) + " patterns");
    return;
  }
  for (std::size_t i = 0; i < size.value_or(0); ++i) {
    if (auto pattern = read_log_pattern(reader.item(i))) {
      study.limits.log_patterns.push_back(std::move(*pattern));
    }
  }
}

std::optional<JsonNode> write_log_patterns(const Study& study) {
  if (study.limits.log_patterns.empty()) {
    return std::nullopt;
  }
  JsonItems items;
  for (const LogPattern& pattern : study.limits.log_patterns) {
    JsonMembers members;
    members.push_back({"pattern", {}, make_node(pattern.pattern)});
    members.push_back({"class", {}, make_node(pattern.fault)});
    items.push_back({.value = std::move(members), .place = {}});
  }
  return JsonNode{.value = std::move(items), .place = {}};
}

void read_share_of_last(const ValueReader& reader, Study& study) {
  const std::optional<std::size_t> size = reader.list();
  if (!size) {
    return;
  }
  if (*size != 2) {
    reader.complain("must be a number of trials and a share, such as [20, 0.5]");
    return;
  }
  const auto trials = reader.item(0).whole(1, kMostTrialsBack);
  const auto share = reader.item(1).real(0, 1);
  if (trials && share) {
    study.limits.stop_if.of_last = static_cast<int>(*trials);
    study.limits.stop_if.share = *share;
  }
}

std::optional<JsonNode> write_share_of_last(const Study& study) {
  JsonItems items{make_node(static_cast<double>(study.limits.stop_if.of_last)),
                  make_node(study.limits.stop_if.share)};
  return JsonNode{.value = std::move(items), .place = {}};
}

}  // namespace glimpse::experiments
