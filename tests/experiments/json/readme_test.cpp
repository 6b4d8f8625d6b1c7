// The README's tables of study keys, failures and exit codes are the program's own, written out:
// neither can have a key, a range, a default, a class or a code that the other does not.

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "experiments/faults.h"
#include "experiments/json/study_keys.h"

namespace glimpse::experiments {
namespace {

constexpr const char* kReadme = GLIMPSE_SOURCE_DIR "/README.md";
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

std::string render_codes() {
  std::string text = "| code | meaning |\n|---|---|\n";
  for (const ExitCodeRow& row : exit_code_rows()) {
    text +=
        "| " + std::to_string(static_cast<int>(row.code)) + " | " + std::string(row.doc) + " |\n";
  }
  return text;
}

std::string render_retry(const FaultRow& row) {
  switch (row.retry) {
    case RetryRule::kUpToLimit:
      return "yes";
    case RetryRule::kElsewhere:
      return "yes, on another node if there is one";
    case RetryRule::kUnlessAlone:
      return "if it shared the device";
    case RetryRule::kNever:
      return "no";
  }
  return "";
}

std::string render_faults() {
  std::string text = "| class | what happened | tried again | exit code |\n|---|---|---|---|\n";
  for (const FaultRow& row : fault_rows()) {
    const std::string exit = row.exit_code ? std::to_string(static_cast<int>(*row.exit_code)) : "";
    text += "| `" + std::string(row.name) + "` | " + std::string(row.doc) + " | " +
            render_retry(row) + " | " + exit + " |\n";
  }
  return text;
}

// The part of the README between two comments is this text, or becomes it.
void expect_part(const std::string& name, const std::string& wanted) {
  const std::string begin = "<!-- " + name + ": written by readme_test -->\n";
  std::string readme = content_of(kReadme);
  const std::size_t start = readme.find(begin);
  const std::size_t end = readme.find("<!-- end of " + name + " -->\n");
  ASSERT_NE(start, std::string::npos);
  ASSERT_NE(end, std::string::npos);
  const std::size_t first = start + begin.size();
  if (std::getenv("GLIMPSE_UPDATE_GOLDEN") != nullptr) {
    readme.replace(first, end - first, wanted);
    std::ofstream(kReadme, std::ios::binary) << readme;
    return;
  }
  EXPECT_EQ(readme.substr(first, end - first), wanted);
}

TEST(Readme, ListsTheKeysThatTheReaderTakes) {
  expect_part("study keys", render_keys());
}

TEST(Readme, ListsTheClassesOfFailure) {
  expect_part("failures", render_faults());
}

TEST(Readme, ListsTheExitCodes) {
  expect_part("exit codes", render_codes());
}

}  // namespace
}  // namespace glimpse::experiments
