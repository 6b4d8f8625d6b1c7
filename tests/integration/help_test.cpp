// Help texts as golden files. GLIMPSE_UPDATE_GOLDEN=1 writes them anew; look at the difference
// before you commit it.

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

#include "tests/integration/glimpse_runner.h"

namespace glimpse::tests {
namespace {

namespace fs = std::filesystem;

struct HelpCase {
  std::string name;  // of the golden file
  std::vector<std::string> verbs;
};

// For the test's name.
void PrintTo(const HelpCase& help, std::ostream* out) {
  *out << help.name;
}

std::vector<HelpCase> cases() {
  std::vector<HelpCase> all = {{"glimpse", {}}, {"dataset", {"dataset"}}};
  for (const char* verb :
       {"plan",   "run",    "submit", "stop",   "logs",      "gc",         "models",  "schema",
        "status", "show",   "query",  "report", "reproduce", "check",      "compare", "export",
        "verify", "replay", "merge",  "doctor", "bench",     "completion", "version"}) {
    all.push_back({verb, {verb}});
  }
  all.push_back({"bench-scheduler", {"bench", "scheduler"}});
  for (const char* verb : {"build", "import", "fetch", "list", "show", "verify", "preview"}) {
    all.push_back({std::string("dataset-") + verb, {"dataset", verb}});
  }
  return all;
}

fs::path golden_folder() {
  return fs::path(GLIMPSE_SOURCE_DIR) / "tests/golden/help";
}

class Help : public testing::TestWithParam<HelpCase> {};

TEST_P(Help, EqualsItsGoldenFile) {
  std::vector<std::string> arguments = GetParam().verbs;
  arguments.emplace_back("--help");
  const RunResult result = GlimpseRunner().run(arguments);
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.err, "");
  const fs::path golden = golden_folder() / (GetParam().name + ".txt");
  if (std::getenv("GLIMPSE_UPDATE_GOLDEN") != nullptr) {
    save_bytes(golden, result.out);
  }
  EXPECT_EQ(result.out, load_bytes(golden));
}

INSTANTIATE_TEST_SUITE_P(Verbs,
                         Help,
                         testing::ValuesIn(cases()),
                         [](const testing::TestParamInfo<HelpCase>& help) {
                           std::string name = help.param.name;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(HelpFiles, AreThoseOfTheVerbsAndNoOthers) {
  std::size_t files = 0;
  for (const auto& entry : fs::directory_iterator(golden_folder())) {
    ++files;
    const std::string name = entry.path().stem().string();
    const std::vector<HelpCase> all = cases();
    EXPECT_TRUE(std::any_of(all.begin(), all.end(), [&](const HelpCase& c) {
      return c.name == name;
    })) << name;
  }
  EXPECT_EQ(files, cases().size());
}

}  // namespace
}  // namespace glimpse::tests
