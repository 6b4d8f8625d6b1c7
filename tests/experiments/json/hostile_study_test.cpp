// Studies that are nearly as long as one may be, made to keep their reader busy.

#include <functional>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "experiments/json/study_json.h"
#include "tests/support/cpu_clock.h"

namespace glimpse::experiments {
namespace {

std::string complaints(const std::string& text) {
  try {
    parse_study(text, "hostile.json");
  } catch (const StudyError& error) {
    return error.what();
  }
  return "";
}

// A member that many others follow, each made of its number; `rest` closes what is open.
std::string repeated(std::string text,
                     int count,
                     const std::function<std::string(int)>& member,
                     std::string_view rest) {
  for (int i = 0; i < count; ++i) {
    text += (i == 0 ? "" : ",") + member(i);
  }
  return text.append(rest);
}

// As long as a study may be, nearly; refused within ten times the seconds that it should take.
void expect_quick(const std::string& text, std::string_view complaint) {
  const double start_s = tests::cpu_seconds();
  const std::string told = complaints(text);
  EXPECT_LT(tests::cpu_seconds() - start_s, 20) << complaint;
  EXPECT_NE(told.find(complaint), std::string::npos) << told.substr(0, 1000);
}

constexpr const char* kCommand = R"({"name": "h", "kind": "command", "command": ["true"], )";

TEST(HostileStudy, IsRefusedQuickly) {
  const auto number = [](int i) { return std::to_string(i); };
  const auto name = [](int i) { return "\"p" + std::to_string(i) + "\""; };
  const std::string start = R"({"name": "t", )";
  expect_quick(repeated(
                   start, 300'000, [&](int i) { return name(i) + ":0"; }, "}"),
               "more");
  expect_quick(
      repeated(
          start + R"("parameters": {)", 300'000, [&](int i) { return name(i) + ":0"; }, "}}"),
      "more");
  expect_quick(repeated(
                   start + R"("parameters": {"batch_size": {"values": [)",
                   600'000,
                   [&](int) { return "0"; },
                   "]}}}"),
               "more");
  const std::string many = repeated(
      kCommand + std::string(R"("parameters": {)"),
      100'000,
      [&](int i) { return name(i) + ":0"; },
      "");
  expect_quick(repeated(
                   many + ",", 400'000, [](int) { return "\"z\":0"; }, "}}"),
               "more");
  expect_quick(repeated(
                   kCommand + std::string(R"("parameters": {)"),
                   180'000,
                   [&](int i) { return name(i) + R"(:{"value":1})"; },
                   "}}"),
               "/parameters: more than 256 parameters");
  expect_quick(repeated(
                   kCommand + std::string(R"("method": "list", "points": [)"),
                   250'000,
                   [&](int i) { return "{" + name(i) + ":1}"; },
                   "]}"),
               "/points: more than 256 parameters");
  expect_quick(
      repeated(
          kCommand +
              std::string(
                  R"("parameters": {"b": {"values": [1,2]}}, "table": {"rows": "b", "select": {"over": [)"),
          900'000,
          [](int) { return "\"a\""; },
          "]}}}"),
      "more");
  expect_quick(
      repeated(
          kCommand +
              std::string(
                  R"("parameters": {"b": {"values": [1,2]}}, "table": {"rows": "b", "published": [)"),
          150'000,
          [&](int i) { return "{\"value\":" + number(i) + ",\"c\":1}"; },
          "]}}"),
      "more");
}

}  // namespace
}  // namespace glimpse::experiments
