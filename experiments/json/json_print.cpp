#include "experiments/json/json_print.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <variant>

#include "experiments/json_writer.h"

namespace glimpse::experiments {
namespace {

constexpr std::size_t kLongestLine = 88;

// All on one line, with a space behind each comma and colon.
void append_inline(std::string& out, const JsonNode& node);

// Keys and strings are escaped here and nowhere else on the way out.
struct InlineWriter {
  std::string& out;

  void operator()(std::nullptr_t) const { out += "null"; }
  void operator()(bool flag) const { out += flag ? "true" : "false"; }
  void operator()(double number) const { append_json_number(out, number); }
  void operator()(const std::string& text) const { append_json_string(out, text); }
  void operator()(const JsonItems& items) const {
    out += '[';
    for (const JsonNode& item : items) {
      out += &item == &items.front() ? "" : ", ";
      append_inline(out, item);
    }
    out += ']';
  }
  void operator()(const JsonMembers& members) const {
    out += '{';
    for (const JsonMember& member : members) {
      out += &member == &members.front() ? "" : ", ";
      append_json_string(out, member.key);
      out += ": ";
      append_inline(out, member.node);
    }
    out += '}';
  }
};

void append_inline(std::string& out, const JsonNode& node) {
  std::visit(InlineWriter{out}, node.value);
}

class Printer {
 public:
  explicit Printer(const CommentOf& comment_of) : comment_of_(comment_of) {}

  void print(const JsonNode& node, const std::string& pointer, std::size_t depth);
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  [[nodiscard]] std::string comment(const std::string& pointer) const {
    return comment_of_ ? comment_of_(pointer) : "";
  }
  [[nodiscard]] bool has_comment_inside(const JsonNode& node, const std::string& pointer) const;
  bool print_on_one_line(const JsonNode& node, const std::string& pointer, std::size_t depth);
  void end_line(const std::string& pointer, bool is_last);
  void indent(std::size_t depth) { out_.append(2 * depth, ' '); }

  const CommentOf& comment_of_;
  std::string out_;
};

bool Printer::has_comment_inside(const JsonNode& node, const std::string& pointer) const {
  const auto* members = std::get_if<JsonMembers>(&node.value);
  if (!comment_of_ || members == nullptr) {
    return false;
  }
  for (const JsonMember& member : *members) {
    const std::string inner = join_pointer(pointer, member.key);
    if (!comment(inner).empty() || has_comment_inside(member.node, inner)) {
      return true;
    }
  }
  return false;
}

// Scalars always fit: a long string cannot be broken.
bool Printer::print_on_one_line(const JsonNode& node,
                                const std::string& pointer,
                                std::size_t depth) {
  const bool is_root_object = depth == 0 && std::holds_alternative<JsonMembers>(node.value);
  if (is_root_object || has_comment_inside(node, pointer)) {
    return false;
  }
  std::string text;
  append_inline(text, node);
  const std::size_t line_start = out_.rfind('\n') + 1;  // npos + 1 is 0
  const bool is_container = std::holds_alternative<JsonItems>(node.value) ||
                            std::holds_alternative<JsonMembers>(node.value);
  if (is_container && out_.size() - line_start + text.size() > kLongestLine) {
    return false;
  }
  out_ += text;
  return true;
}

void Printer::end_line(const std::string& pointer, bool is_last) {
  out_ += is_last ? "" : ",";
  if (std::string text = comment(pointer); !text.empty()) {
    // A name of a file may hold anything; a line end in it would end the comment.
    std::replace_if(
        text.begin(), text.end(), [](unsigned char c) { return c < 0x20; }, '?');
    out_ += "  // " + text;
  }
  out_ += '\n';
}

void Printer::print(const JsonNode& node, const std::string& pointer, std::size_t depth) {
  if (print_on_one_line(node, pointer, depth)) {
    return;
  }
  if (const auto* items = std::get_if<JsonItems>(&node.value)) {
    out_ += "[\n";
    for (const JsonNode& item : *items) {
      const std::string inner = pointer + '/' + std::to_string(&item - items->data());
      indent(depth + 1);
      print(item, inner, depth + 1);
      end_line(inner, &item == &items->back());
    }
    indent(depth);
    out_ += ']';
    return;
  }
  out_ += "{\n";
  const JsonMembers& members = std::get<JsonMembers>(node.value);
  for (const JsonMember& member : members) {
    const std::string inner = join_pointer(pointer, member.key);
    indent(depth + 1);
    append_json_string(out_, member.key);
    out_ += ": ";
    print(member.node, inner, depth + 1);
    end_line(inner, &member == &members.back());
  }
  indent(depth);
  out_ += '}';
}

}  // namespace

std::string print_json(const JsonNode& node, const CommentOf& comment_of) {
  Printer printer(comment_of);
  printer.print(node, "", 0);
  return printer.take() + "\n";
}

}  // namespace glimpse::experiments
