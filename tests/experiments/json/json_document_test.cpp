#include "experiments/json/json_document.h"

#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "experiments/json/json_text.h"

namespace glimpse::experiments {
namespace {

// All complaints about a text, one a line.
std::string complaints(std::string_view text) {
  IssueList issues;
  const bool is_read = parse_json(text, issues).has_value();
  std::string lines = is_read ? "" : "unreadable\n";
  for (const Issue& issue : issues.sorted()) {
    lines += render_issue("t", issue) + '\n';
  }
  return lines;
}

JsonNode parsed(std::string_view text) {
  IssueList issues;
  std::optional<JsonNode> root = parse_json(text, issues);
  EXPECT_TRUE(issues.empty()) << complaints(text);
  return root.value_or(JsonNode{});
}

void list_places(const JsonNode& node, const std::string& pointer, std::string& out) {
  out += pointer + '@' + std::to_string(node.place.line) + ':' + std::to_string(node.place.column) +
         ' ';
  if (const auto* members = std::get_if<JsonMembers>(&node.value)) {
    for (const JsonMember& member : *members) {
      out += '#' + std::to_string(member.key_place.line) + ':' +
             std::to_string(member.key_place.column);
      list_places(member.node, pointer + '/' + member.key, out);
    }
  }
  if (const auto* items = std::get_if<JsonItems>(&node.value)) {
    for (std::size_t i = 0; i < items->size(); ++i) {
      list_places((*items)[i], pointer + '/' + std::to_string(i), out);
    }
  }
}

std::string places(std::string_view text) {
  std::string out;
  list_places(parsed(text), "", out);
  return out;
}

TEST(JsonDocument, KnowsWhereEveryValueAndKeyStands) {
  EXPECT_EQ(places("{\"a\": 1, \"b\" : [true,\n  \"x\", 2.5e3 ,null] }"),
            "@1:1 #1:2/a@1:7 #1:10/b@1:16 /b/0@1:17 /b/1@2:3 /b/2@2:8 /b/3@2:15 ");
}

TEST(JsonDocument, PlacesAreRightBehindNumbersThatTouchTheirNeighbours) {
  EXPECT_EQ(places("[1,2,-3]"), "@1:1 /0@1:2 /1@1:4 /2@1:6 ");
  EXPECT_EQ(places("[1/*,*/,2//:\n,3]"), "@1:1 /0@1:2 /1@1:9 /2@2:2 ");
  EXPECT_EQ(places("  42"), "@1:3 ");
}

TEST(JsonDocument, ColumnsCountCharactersNotBytes) {
  EXPECT_EQ(places("/* größe, 网络 \xF0\x9F\x98\x80 */ {\"ä\": \"é\", \"b\": 1}"),
            "@1:19 #1:20/ä@1:25 #1:30/b@1:35 ");
}

TEST(JsonDocument, CommentsMayStandAnywhereBetweenTokens) {
  EXPECT_EQ(
      places("// first line, with : and \"\n/* one\n * two */ { // here\n\"a\" /**/ : /*:*/ 1 }"
             "\n// the end"),
      "@3:11 #4:1/a@4:18 ");
}

TEST(JsonDocument, LineEndsOfOtherSystemsCountOnce) {
  EXPECT_EQ(places("{\r\n  \"a\": 1\r\n}"), "@1:1 #2:3/a@2:8 ");
}

TEST(JsonDocument, KeepsValues) {
  const JsonNode node = parsed(R"([null, true, -0.5, 9007199254740991, "a\u00e9\n", {}, []])");
  const auto& items = std::get<JsonItems>(node.value);
  ASSERT_EQ(items.size(), 7U);
  EXPECT_TRUE(std::holds_alternative<std::nullptr_t>(items[0].value));
  EXPECT_TRUE(std::get<bool>(items[1].value));
  EXPECT_EQ(std::get<double>(items[2].value), -0.5);
  EXPECT_EQ(std::get<double>(items[3].value), 9007199254740991.0);
  EXPECT_EQ(std::get<std::string>(items[4].value), "aé\n");
  EXPECT_TRUE(std::get<JsonMembers>(items[5].value).empty());
  EXPECT_TRUE(std::get<JsonItems>(items[6].value).empty());
}

TEST(JsonDocument, DescribesValues) {
  EXPECT_EQ(describe(parsed("\"five\"")), "\"five\"");
  EXPECT_EQ(describe(parsed("3")), "3");
  EXPECT_EQ(describe(parsed("[]")), "a list");
  EXPECT_EQ(describe(parsed("\"" + std::string(79, 'a') + "ää\"")),
            "\"" + std::string(79, 'a') + "...\"");
}

struct Wrong {
  std::string_view text;
  std::string_view complaint;
};

void PrintTo(const Wrong& wrong, std::ostream* out) {
  *out << wrong.text;
}

class JsonMistake : public testing::TestWithParam<Wrong> {};

TEST_P(JsonMistake, IsToldInPlainWords) {
  EXPECT_EQ(complaints(GetParam().text), "unreadable\n" + std::string(GetParam().complaint) + "\n");
}

INSTANTIATE_TEST_SUITE_P(
    All,
    JsonMistake,
    testing::Values(
        Wrong{"", "t:1:1: the text is empty"},
        Wrong{" \n// nothing\n", "t:3:1: the text is empty"},
        Wrong{"\xEF\xBB\xBF{}",
              "t:1:1: the text begins with a byte order mark: save it as plain "
              "UTF-8"},
        Wrong{"{\"ä\": \"\xFF\"}", "t:1:8: not UTF-8"},
        Wrong{"// \xC0\xAF\n{}", "t:1:4: not UTF-8"},
        Wrong{"[\"\xED\xA0\x80\"]", "t:1:3: not UTF-8"},
        Wrong{std::string_view("{}\0", 3), "t:1:3: a zero byte"},
        Wrong{"{} {}", "t:1:4: expected nothing more behind the value, found \"{\""},
        Wrong{"{},", "t:1:3: expected nothing more behind the value, found \",\""},
        Wrong{"{\"a\": NaN}", "t:1:7: NaN is not a number that JSON knows: write a finite one"},
        Wrong{"[-Infinity]",
              "t:1:2: -Infinity is not a number that JSON knows: write a finite one"},
        Wrong{"[1, 1e999]", "t:1:5: 1e999 is too large for a number"},
        Wrong{"[1, -1e999 ]", "t:1:5: -1e999 is too large for a number"},
        Wrong{"{\"a\": 1.}", "t:1:7: 1. is not a number as JSON writes it"},
        Wrong{"[+1]", "t:1:2: +1 is not a number as JSON writes it"},
        Wrong{"[.5]", "t:1:2: .5 is not a number as JSON writes it"},
        Wrong{"[01]", "t:1:3: expected \",\" or \"]\", found \"1\""},
        Wrong{"[True]", "t:1:2: unknown word True (strings stand in double quotes)"},
        Wrong{"{\"a\": grid}", "t:1:7: unknown word grid (strings stand in double quotes)"},
        Wrong{"['a']", "t:1:2: strings stand in double quotes"},
        Wrong{"{a: 1}", "t:1:2: expected a key in double quotes or \"}\", found \"a\""},
        Wrong{"{\"a\": 1,}", "t:1:9: expected a key in double quotes, found \"}\""},
        Wrong{"{\"a\": 1 \"b\": 2}", "t:1:9: expected \",\" or \"}\", found a string"},
        Wrong{"{\"a\" 1}", "t:1:6: expected \":\" behind the key, found \"1\""},
        Wrong{"{\"a\":: 1}", "t:1:6: expected a value, found \":\""},
        Wrong{"{\"a\":}", "t:1:6: expected a value, found \"}\""},
        Wrong{"{,}", "t:1:2: expected a key in double quotes or \"}\", found \",\""},
        Wrong{"[1,,2]", "t:1:4: expected a value, found \",\""},
        Wrong{"[1,]", "t:1:4: expected a value, found \"]\""},
        Wrong{"[,1]", "t:1:2: expected a value or \"]\", found \",\""},
        Wrong{"[1 2]", "t:1:4: expected \",\" or \"]\", found \"2\""},
        Wrong{"[1}", "t:1:3: expected \",\" or \"]\", found \"}\""},
        Wrong{"{\"a\": \"x\ny\"}", "t:1:7: the string is not closed on its line"},
        Wrong{"{\"a\": \"x", "t:1:7: the string is never closed"},
        Wrong{"[\"a\tb\"]", "t:1:4: a control character in a string: write it as an escape"},
        Wrong{"[\"ä\\q\"]", "t:1:4: unknown escape \\q in a string"},
        Wrong{"[\"\\u12\"]", "t:1:3: unknown escape \\u in a string"},
        Wrong{"[\"\\ud800\"]", "t:1:2: half of a surrogate pair in a string"},
        Wrong{"[1, /* x", "t:1:5: the comment is never closed"},
        Wrong{"{\"a\": {\n  \"b\": 1\n",
              "t:3:1: the text ends before the object is closed "
              "(missing \"}\")"},
        Wrong{"[1,", "t:1:4: the text ends before the list is closed (missing \"]\")"},
        Wrong{"[1,,", "t:1:4: expected a value, found \",\""}));

TEST(JsonDocument, ADuplicateKeyIsNamedButDoesNotEndTheReading) {
  EXPECT_EQ(complaints("{\"a\": 1,\n \"b\": {\"c/~\": 1, \"c/~\": 2},\n \"a\": 3, \"a\": 4}"),
            "t:2:18: /b/c~1~0: duplicate key (first given on line 2)\n"
            "t:3:2: /a: duplicate key (first given on line 1)\n"
            "t:3:10: /a: duplicate key (first given on line 1)\n");
}

TEST(JsonDocument, TheFirstOfDuplicatesCounts) {
  IssueList issues;
  const auto root = parse_json(R"({"a": 1, "a": 2})", issues);
  const auto& members = std::get<JsonMembers>(root.value().value);
  EXPECT_EQ(std::get<double>(find_member(members, "a")->value), 1);
  EXPECT_EQ(find_member(members, "b"), nullptr);
}

TEST(JsonDocument, WhatWasFoundBeforeASyntaxErrorIsListedToo) {
  EXPECT_EQ(complaints("{\"a\": 1, \"a\": 2,\n \"b\" 3}"),
            "unreadable\n"
            "t:1:10: /a: duplicate key (first given on line 1)\n"
            "t:2:6: expected \":\" behind the key, found \"3\"\n");
}

std::string nested(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

TEST(JsonDocument, ThirtyTwoLevelsAreReadAndOneMoreIsNot) {
  EXPECT_EQ(complaints(nested(32)), "");
  EXPECT_EQ(complaints("{\"a\": " + nested(31) + "}"), "");
  EXPECT_EQ(complaints("{\"a\": " + nested(32) + "}").substr(0, 18), "unreadable\nt:1:38:");
  EXPECT_NE(complaints(nested(33)).find("nested deeper than 32 levels"), std::string::npos);
}

TEST(JsonDocument, BombsEndEarly) {
  const std::size_t most = kMaxJsonBytes;
  EXPECT_NE(complaints(std::string(most, '[')).find("nested deeper"), std::string::npos);
  EXPECT_EQ(complaints(std::string(most + 1, ' ')),
            "unreadable\nt: 4194305 bytes are too many: at most 4 MiB\n");
  EXPECT_EQ(complaints(std::string(most, ' ')), "unreadable\nt:1:4194305: the text is empty\n");
  EXPECT_EQ(complaints('"' + std::string(most - 2, 'a') + '"'), "");
  EXPECT_EQ(complaints("[" + std::string(most - 2, '1') + "]"),
            "unreadable\nt:1:2: 111111111111111111111111 is too large for a number\n");
  EXPECT_EQ(complaints("[0." + std::string(most - 4, '1') + "]"), "");
}

TEST(JsonDocument, AMillionMistakesAreCountedNotListed) {
  std::string text = "{\"a\":0";
  for (int i = 0; i < 200'000; ++i) {
    text += ",\"a\":0";
  }
  IssueList issues;
  parse_json(text + "}", issues);
  const std::vector<Issue> listed = issues.sorted();
  ASSERT_EQ(listed.size(), IssueList::kMost + 1);
  EXPECT_EQ(listed.back().message, "and 199000 more");
}

TEST(JsonPlaces, FollowCommentsThatEndWithACarriageReturn) {
  IssueList issues;
  const auto root = parse_json("{// one\r\"a\": 1, // two\r\n\"b\": 22}", issues);
  ASSERT_TRUE(root);
  const auto& members = std::get<JsonMembers>(root->value);
  EXPECT_EQ(members.at(0).key_place.column, 9);
  EXPECT_EQ(members.at(0).node.place.column, 14);
  EXPECT_EQ(members.at(1).node.place.line, 2);
  EXPECT_EQ(members.at(1).node.place.column, 6);
}

TEST(JsonNumbers, AreRefusedWhereTheyWouldBeRounded) {
  const std::pair<const char*, const char*> rounded[] = {
      {"9007199254740993", "9007199254740992"},
      {"-9007199254740993", "-9007199254740992"},
      {"18446744073709551617", "18446744073709552000"},
      {"123456789012345678901234567890", "1.2345678901234568e+29"}};
  for (const auto& [text, other] : rounded) {
    IssueList issues;
    EXPECT_FALSE(parse_json(std::string("{\"a\": [1, ") + text + "]}", issues)) << text;
    ASSERT_EQ(issues.sorted().size(), 1U);
    EXPECT_EQ(
        render_issue("t", issues.sorted().front()),
        std::string("t:1:11: /a/1: ") + text + " cannot be held exactly: it would become " + other);
  }
  // The last is how 2^69 is printed.
  for (const char* text :
       {"9007199254740991", "-9007199254740992", "1e300", "590295810358705700000"}) {
    IssueList issues;
    EXPECT_TRUE(parse_json(text, issues)) << text;
  }
}

}  // namespace
}  // namespace glimpse::experiments
