#include "experiments/json/table_json.h"

#include <cstddef>
#include <string>
#include <utility>

#include "experiments/json/assignment_json.h"
#include "experiments/json/key_row.h"
#include "experiments/json/vocabulary.h"

namespace glimpse::experiments {
namespace {

constexpr double kMaxFigure = 1e300;

// A cell is an object over rows and columns; "value" beside them is the published figure.
std::optional<PublishedCell> read_published_cell(const ValueReader& reader,
                                                 const Vocabulary& vocabulary) {
  std::optional<ObjectReader> object = reader.object();
  if (!object) {
    return std::nullopt;
  }
  PublishedCell published;
  const std::optional<ValueReader> figure = object->require("value");
  const auto value = figure ? figure->real(-kMaxFigure, kMaxFigure) : std::nullopt;
  for (const auto& [name, content] : object->members()) {
    if (!vocabulary.accepts_name(name, content)) {
      continue;
    }
    if (const auto coordinate = read_value(content, name, vocabulary)) {
      published.cell.emplace(name, *coordinate);
    }
  }
  published.value = value.value_or(0);
  return published;
}

std::optional<Claim> read_best(ObjectReader& object,
                               const ValueReader& best,
                               const Vocabulary& vocabulary) {
  const std::optional<ValueReader> among = object.require("among");
  if (!among) {
    return std::nullopt;
  }
  return Claim{.kind = Claim::Kind::kBest,
               .cell = read_assignment(best, vocabulary).value_or(Assignment{}),
               .other = read_assignment(*among, vocabulary).value_or(Assignment{})};
}

std::optional<Claim> read_below(const ValueReader& below, const Vocabulary& vocabulary) {
  const std::optional<std::size_t> size = below.list();
  if (!size) {
    return std::nullopt;
  }
  if (*size != 2) {
    below.complain("must hold two cells: the first is below the second");
    return std::nullopt;
  }
  return Claim{.kind = Claim::Kind::kBelow,
               .cell = read_assignment(below.item(0), vocabulary).value_or(Assignment{}),
               .other = read_assignment(below.item(1), vocabulary).value_or(Assignment{})};
}

std::optional<Claim> read_claim(const ValueReader& reader, const Vocabulary& vocabulary) {
  std::optional<ObjectReader> object = reader.object();
  if (!object) {
    return std::nullopt;
  }
  std::optional<Claim> claim;
  const std::optional<ValueReader> below = object->find("below");
  const std::optional<ValueReader> best = object->find("best");
  if (below.has_value() == best.has_value()) {
    reader.complain(R"(needs either "below" or "best" with "among")");
  } else {
    claim = below ? read_below(*below, vocabulary) : read_best(*object, *best, vocabulary);
  }
  object->finish();
  return claim;
}

}  // namespace

void read_published(const ValueReader& reader, Study& study) {
  if (!study.table) {
    return;
  }
  const Vocabulary vocabulary(study);
  const std::optional<std::size_t> size = reader.list();
  for (std::size_t i = 0; i < size.value_or(0); ++i) {
    if (auto published = read_published_cell(reader.item(i), vocabulary)) {
      study.table->published.push_back(std::move(*published));
    }
  }
}

std::optional<JsonNode> write_published(const Study& study) {
  if (!study.table) {
    return std::nullopt;
  }
  JsonItems items;
  for (const PublishedCell& published : study.table->published) {
    JsonNode node = make_node(published.cell);
    std::get<JsonMembers>(node.value).push_back({"value", {}, make_node(published.value)});
    items.push_back(std::move(node));
  }
  return JsonNode{.value = std::move(items), .place = {}};
}

void read_claims(const ValueReader& reader, Study& study) {
  if (!study.table) {
    return;
  }
  const Vocabulary vocabulary(study);
  const std::optional<std::size_t> size = reader.list();
  for (std::size_t i = 0; i < size.value_or(0); ++i) {
    if (auto claim = read_claim(reader.item(i), vocabulary)) {
      study.table->claims.push_back(std::move(*claim));
    }
  }
}

std::optional<JsonNode> write_claims(const Study& study) {
  if (!study.table) {
    return std::nullopt;
  }
  JsonItems items;
  for (const Claim& claim : study.table->claims) {
    JsonMembers members;
    if (claim.kind == Claim::Kind::kBelow) {
      JsonItems cells{make_node(claim.cell), make_node(claim.other)};
      members.push_back({"below", {}, {.value = std::move(cells), .place = {}}});
    } else {
      members.push_back({"best", {}, make_node(claim.cell)});
      members.push_back({"among", {}, make_node(claim.other)});
    }
    items.push_back({.value = std::move(members), .place = {}});
  }
  return JsonNode{.value = std::move(items), .place = {}};
}

}  // namespace glimpse::experiments
