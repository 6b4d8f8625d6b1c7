// The README's table of study keys is the reader's own, written out: neither can have a key, a
// range or a default that the other does not.

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "experiments/json/study_keys.h"

namespace glimpse::experiments {
namespace {

constexpr const char* kReadme = GLIMPSE_SOURCE_DIR "/README.md";
constexpr const char* kBegin = "<!-- study keys: written by readme_test -->\n";
constexpr const char* kEnd = "<!-- end of study keys -->\n";

std::string content_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string code(const std::string& text) {
  return text.empty() ? "" : "`" + text + "`";
}

std::string render_keys() {
  std::string text = "| key | type | range | default | what it does |\n|---|---|---|---|---|\n";
  for (const StudyKeyRow& row : study_keys()) {
    text += "| `" + row.path + "` | " + row.type + " | " + row.range + " | " +
            (row.is_required ? "needed" : code(row.default_value)) + " | " + row.doc + " |\n";
  }
  return text;
}

TEST(Readme, ListsTheKeysThatTheReaderTakes) {
  std::string readme = content_of(kReadme);
  const std::size_t begin = readme.find(kBegin);
  const std::size_t end = readme.find(kEnd);
  ASSERT_NE(begin, std::string::npos);
  ASSERT_NE(end, std::string::npos);
  const std::size_t first = begin + std::string(kBegin).size();
  if (std::getenv("GLIMPSE_UPDATE_GOLDEN") != nullptr) {
    readme.replace(first, end - first, render_keys());
    std::ofstream(kReadme, std::ios::binary) << readme;
    return;
  }
  EXPECT_EQ(readme.substr(first, end - first), render_keys());
}

}  // namespace
}  // namespace glimpse::experiments
