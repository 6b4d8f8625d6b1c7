#include "experiments/json/json_document.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include <nlohmann/json.hpp>

#include "experiments/json/json_syntax.h"
#include "experiments/json/json_text.h"
#include "experiments/json_writer.h"
#include "experiments/value.h"

namespace glimpse::experiments {
namespace {

constexpr int kNumberOverflow = 406;  // nlohmann's id of "number overflow"
// Walks over the text for the parser and tells how far it has come: the end of the token that an
// event is about (for numbers one character later).
class CountingIterator {
 public:
  // std::iterator_traits wants these names.
  // NOLINTBEGIN(readability-identifier-naming)
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;
  // NOLINTEND(readability-identifier-naming)

  CountingIterator(std::string_view text, std::size_t offset, std::size_t* consumed)
      : text_(text), offset_(offset), consumed_(consumed) {}

  reference operator*() const { return text_[offset_]; }
  CountingIterator& operator++() {
    *consumed_ = ++offset_;
    return *this;
  }
  CountingIterator operator++(int) {
    CountingIterator before = *this;
    ++*this;
    return before;
  }
  bool operator==(const CountingIterator& other) const { return offset_ == other.offset_; }

 private:
  std::string_view text_;
  std::size_t offset_;
  std::size_t* consumed_;
};

// An object or list that is not closed yet.
struct Level {
  JsonNode node;
  std::map<std::string, int> lines;  // of the keys so far; ordered: no choice of keys makes it slow
  std::string key;                   // of the member that is being read
  Place key_place;
};

using Last = SyntaxState::Last;

// Takes nlohmann's events and builds the tree. The parser keeps its own stack on the heap, so the
// depth of a text cannot exhaust ours.
class TreeBuilder {
 public:
  TreeBuilder(std::string_view text, const std::size_t* consumed, IssueList& issues)
      : text_(text), consumed_(consumed), places_(text), issues_(issues) {}

  bool null() { return add(nullptr); }
  bool boolean(bool value) { return add(value); }
  bool number_integer(std::int64_t value) { return add_number(static_cast<double>(value)); }
  bool number_unsigned(std::uint64_t value) { return add_number(static_cast<double>(value)); }
  bool number_float(double value, const std::string& /*text*/) { return add_number(value); }
  bool string(std::string& value) { return add(std::move(value)); }
  bool binary(const nlohmann::json::binary_t& /*value*/) { return false; }
  bool start_object(std::size_t /*size*/) { return open(JsonMembers{}); }
  bool start_array(std::size_t /*size*/) { return open(JsonItems{}); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool key(std::string& name);
  bool parse_error(std::size_t /*position*/,
                   const std::string& /*token*/,
                   const nlohmann::json::exception& error);

  std::optional<JsonNode> take() { return std::move(root_); }

 private:
  template <typename Content>
  JsonNode make_node(Content&& content);
  template <typename Content>
  bool add(Content&& content);
  bool add_number(double value);
  template <typename Content>
  bool open(Content&& empty);
  bool close();
  void attach(JsonNode node);
  Place begin_token();
  [[nodiscard]] std::string pointer() const;
  [[nodiscard]] bool is_in_object() const;

  std::string_view text_;
  const std::size_t* consumed_;
  PlaceFinder places_;
  IssueList& issues_;
  std::vector<Level> levels_;
  std::optional<JsonNode> root_;
  std::size_t token_end_ = 0;
  Last last_ = Last::kNothing;
};

bool TreeBuilder::is_in_object() const {
  return !levels_.empty() && std::holds_alternative<JsonMembers>(levels_.back().node.value);
}

// The token of an event starts where the trivia behind the token before it ends.
Place TreeBuilder::begin_token() {
  const Place place = places_.at(skip_trivia(text_, token_end_));
  token_end_ = *consumed_;
  return place;
}

template <typename Content>
JsonNode TreeBuilder::make_node(Content&& content) {
  return {.value = std::forward<Content>(content), .place = begin_token()};
}

template <typename Content>
bool TreeBuilder::add(Content&& content) {
  attach(make_node(std::forward<Content>(content)));
  return true;
}

// The parser had to look one character further to see the end of a number, unless the text ended
// there; so the end is found anew. A number that begins with 0 has no second digit before the dot.
std::size_t number_end(std::string_view text, std::size_t start) {
  const std::size_t digits = text.substr(start, 1) == "-" ? start + 1 : start;
  const std::string_view tail = text.substr(digits, 2);
  if (tail.size() == 2 && tail[0] == '0' && tail[1] >= '0' && tail[1] <= '9') {
    return digits + 1;
  }
  return std::min(text.find_first_not_of("+-.0123456789eE", digits), text.size());
}

// What a whole number became, where that is another number: no double holds every one beyond 2^53.
std::optional<std::string> rounded(std::string_view token, double value) {
  const bool may_be = std::abs(value) > static_cast<double>(kMaxWhole) &&
                      token.find_first_of(".eE") == std::string_view::npos;
  std::string text;
  append_json_number(text, value);
  return may_be && text != token ? std::optional(text) : std::nullopt;
}

bool TreeBuilder::add_number(double value) {
  const std::size_t start = skip_trivia(text_, token_end_);
  const std::size_t end = number_end(text_, start);
  const std::string_view token = text_.substr(start, end - start);
  if (const auto other = rounded(token, value)) {
    issues_.add(places_.at(start),
                pointer(),
                shorten(token) + " cannot be held exactly: it would become " + *other);
    return false;
  }
  attach(make_node(value));
  token_end_ = end;
  return true;
}

template <typename Content>
bool TreeBuilder::open(Content&& empty) {
  JsonNode node = make_node(std::forward<Content>(empty));
  if (levels_.size() == kMaxJsonDepth) {
    issues_.add(
        node.place, pointer(), "nested deeper than " + std::to_string(kMaxJsonDepth) + " levels");
    return false;
  }
  levels_.push_back({std::move(node), {}, {}, {}});
  last_ = Last::kOpening;
  return true;
}

// The place of a container is that of its opening bracket; only the end of the closing one counts.
bool TreeBuilder::close() {
  begin_token();
  JsonNode node = std::move(levels_.back().node);
  levels_.pop_back();
  attach(std::move(node));
  return true;
}

// Duplicates are kept too: they are complained about, and find_member() takes the first.
void TreeBuilder::attach(JsonNode node) {
  last_ = Last::kValue;
  if (levels_.empty()) {
    root_ = std::move(node);
    return;
  }
  Level& level = levels_.back();
  if (auto* members = std::get_if<JsonMembers>(&level.node.value)) {
    members->push_back({std::move(level.key), level.key_place, std::move(node)});
  } else {
    std::get<JsonItems>(level.node.value).push_back(std::move(node));
  }
}

bool TreeBuilder::key(std::string& name) {
  const Place place = begin_token();
  Level& level = levels_.back();
  level.key = name;
  level.key_place = place;
  last_ = Last::kKey;
  const auto [first, is_new] = level.lines.try_emplace(std::move(name), place.line);
  if (!is_new) {
    issues_.add(place,
                pointer(),
                "duplicate key (first given on line " + std::to_string(first->second) + ")");
  }
  return true;
}

// Where the event just met stands in the tree.
std::string TreeBuilder::pointer() const {
  std::string pointer;
  for (const Level& level : levels_) {
    if (const auto* items = std::get_if<JsonItems>(&level.node.value)) {
      pointer += '/' + std::to_string(items->size());
    } else {
      pointer = join_pointer(pointer, level.key);
    }
  }
  return pointer;
}

bool TreeBuilder::parse_error(std::size_t /*position*/,
                              const std::string& /*token*/,
                              const nlohmann::json::exception& error) {
  const SyntaxMistake mistake = explain_syntax(text_,
                                               {.last = last_,
                                                .is_open = !levels_.empty(),
                                                .in_object = is_in_object(),
                                                .token_end = token_end_,
                                                .consumed = *consumed_,
                                                .is_overflow = error.id == kNumberOverflow});
  issues_.add(places_.at(mistake.offset), "", mistake.message);
  return false;
}

// What cannot be told by the parser, because it skips, stops at or never looks at it.
bool is_text_sound(std::string_view text, IssueList& issues) {
  if (text.size() > kMaxJsonBytes) {
    issues.add({}, "", std::to_string(text.size()) + " bytes are too many: at most 4 MiB");
    return false;
  }
  if (text.starts_with("\xEF\xBB\xBF")) {
    issues.add({1, 1}, "", "the text begins with a byte order mark: save it as plain UTF-8");
    return false;
  }
  if (const auto bad = find_bad_utf8(text)) {
    issues.add(PlaceFinder(text).at(*bad), "", "not UTF-8");
    return false;
  }
  if (const std::size_t zero = text.find('\0'); zero != std::string_view::npos) {
    issues.add(PlaceFinder(text).at(zero), "", "a zero byte");
    return false;
  }
  return true;
}

}  // namespace

std::optional<JsonNode> parse_json(std::string_view text, IssueList& issues) {
  if (!is_text_sound(text, issues)) {
    return std::nullopt;
  }
  std::size_t consumed = 0;
  TreeBuilder builder(text, &consumed, issues);
  const bool is_read = nlohmann::json::sax_parse(CountingIterator(text, 0, &consumed),
                                                 CountingIterator(text, text.size(), &consumed),
                                                 &builder,
                                                 nlohmann::json::input_format_t::json,
                                                 true,
                                                 true);
  return is_read ? builder.take() : std::nullopt;
}

const JsonNode* find_member(const JsonMembers& members, std::string_view key) {
  const auto found = std::find_if(
      members.begin(), members.end(), [&](const JsonMember& member) { return member.key == key; });
  return found == members.end() ? nullptr : &found->node;
}

JsonNode* find_member(JsonMembers& members, std::string_view key) {
  return const_cast<JsonNode*>(find_member(std::as_const(members), key));
}

std::string describe(const JsonNode& node) {
  struct Describer {
    std::string operator()(std::nullptr_t) const { return "null"; }
    std::string operator()(bool flag) const { return flag ? "true" : "false"; }
    std::string operator()(double number) const {
      std::string text;
      append_json_number(text, number);
      return text;
    }
    std::string operator()(const std::string& string) const {
      std::string text;
      append_json_string(text, shorten(string));
      return text;
    }
    std::string operator()(const JsonItems&) const { return "a list"; }
    std::string operator()(const JsonMembers&) const { return "an object"; }
  };
  return std::visit(Describer{}, node.value);
}

}  // namespace glimpse::experiments
