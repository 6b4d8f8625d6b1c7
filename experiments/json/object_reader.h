#pragma once

// Takes typed values out of a JSON tree and collects complaints instead of throwing at the first:
// every getter returns nothing after it has complained. The tree must outlive the readers.

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "experiments/json/issue_list.h"
#include "experiments/json/json_document.h"
#include "experiments/value.h"

namespace glimpse::experiments {

class ObjectReader;

class ValueReader {
 public:
  // The key's place is that of the value where it is no member of an object.
  ValueReader(const JsonNode& node, Place key_place, std::string pointer, IssueList& issues)
      : node_(&node), key_place_(key_place), pointer_(std::move(pointer)), issues_(&issues) {}

  [[nodiscard]] const JsonNode& node() const { return *node_; }
  [[nodiscard]] const std::string& pointer() const { return pointer_; }

  [[nodiscard]] std::optional<bool> flag() const;
  [[nodiscard]] std::optional<std::string> text() const;
  [[nodiscard]] std::optional<double> number() const;
  // Both ends included.
  [[nodiscard]] std::optional<double> real(double min, double max) const;
  [[nodiscard]] std::optional<std::int64_t> whole(std::int64_t min, std::int64_t max) const;
  // The place of the text among the choices.
  [[nodiscard]] std::optional<std::size_t> choice(std::span<const std::string> choices) const;
  [[nodiscard]] std::optional<double> duration(double min_s, double max_s) const;
  [[nodiscard]] std::optional<std::uint64_t> size(std::uint64_t min_bytes) const;
  // A flag, a number or a text.
  [[nodiscard]] std::optional<Value> scalar() const;
  // How many items a list has; item() gives them one by one, because a hostile list is long.
  [[nodiscard]] std::optional<std::size_t> list() const;
  [[nodiscard]] ValueReader item(std::size_t index) const;
  [[nodiscard]] std::optional<ObjectReader> object() const;

  // "must be ..., not ..." with what the value is.
  void refuse(const std::string& wanted) const;
  void complain(const std::string& message) const;
  void complain_key(const std::string& message) const;
  // False once further complaints are only counted, so that a costly message would be for nobody.
  [[nodiscard]] bool is_heard() const { return !issues_->is_full(); }

 private:
  template <typename Content>
  const Content* get(const std::string& wanted) const;

  const JsonNode* node_;
  Place key_place_;
  std::string pointer_;
  IssueList* issues_;
};

class ObjectReader {
 public:
  ObjectReader(const JsonNode& node, std::string pointer, IssueList& issues)
      : self_(node, node.place, std::move(pointer), issues), issues_(&issues) {}

  // Nothing where the key is missing; it counts as known from now on.
  std::optional<ValueReader> find(const std::string& key);
  // The same, with a complaint.
  std::optional<ValueReader> require(const std::string& key);
  // Every member, for objects whose keys are names that their user chose. All count as known.
  std::vector<std::pair<std::string, ValueReader>> members();
  // Complains about every key that nobody asked for.
  void finish();

  [[nodiscard]] const ValueReader& self() const { return self_; }
  [[nodiscard]] bool is_empty() const { return content().empty(); }

 private:
  [[nodiscard]] const JsonMembers& content() const;
  [[nodiscard]] ValueReader reader(const JsonMember& member) const;

  ValueReader self_;
  IssueList* issues_;
  std::set<std::string, std::less<>> known_;
};

}  // namespace glimpse::experiments
