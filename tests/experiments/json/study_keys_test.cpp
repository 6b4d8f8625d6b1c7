#include "experiments/json/study_keys.h"

#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "experiments/json/study_json.h"

namespace glimpse::experiments {
namespace {

const StudyKeyRow& key(const std::string& path) {
  static const std::vector<StudyKeyRow> kKeys = study_keys();
  for (const StudyKeyRow& row : kKeys) {
    if (row.path == path) {
      return row;
    }
  }
  throw std::out_of_range(path);
}

TEST(StudyKeys, AreThoseOfTheStudyFormat) {
  std::set<std::string> top;
  for (const StudyKeyRow& row : study_keys()) {
    if (row.path.find('.') == std::string::npos) {
      EXPECT_TRUE(top.insert(row.path).second) << row.path;
    }
  }
  const std::set<std::string> expected{"name",
                                       "kind",
                                       "command",
                                       "code",
                                       "report",
                                       "dataset",
                                       "method",
                                       "points",
                                       "seed",
                                       "seeds",
                                       "arm",
                                       "metric",
                                       "parameters",
                                       "when",
                                       "exclude",
                                       "continue_from",
                                       "checkpoint_every",
                                       "run_cap",
                                       "resources",
                                       "retry",
                                       "limits",
                                       "table",
                                       "notes"};
  EXPECT_EQ(top, expected);
}

TEST(StudyKeys, AreDescribed) {
  std::set<std::string> paths;
  for (const StudyKeyRow& row : study_keys()) {
    EXPECT_TRUE(paths.insert(row.path).second) << row.path;
    EXPECT_FALSE(row.doc.empty()) << row.path;
    EXPECT_FALSE(row.type.empty()) << row.path;
    EXPECT_EQ(row.doc.find('\n'), std::string::npos) << row.path;
  }
  EXPECT_EQ(key("resources.cores").range, "1 to 4096");
  EXPECT_EQ(key("resources.cores").default_value, "1");
  EXPECT_EQ(key("method").range, "grid, list, random");
  EXPECT_EQ(key("checkpoint_every").default_value, "\"5m\"");
  EXPECT_EQ(key("dataset.train").default_value, "60000");
  EXPECT_TRUE(key("name").is_required);
}

// Every key is known to the reader at its place: a wrong value is told as such, and never as an
// unknown key. A key beside it is not known.
TEST(StudyKeys, AreKnownToTheReaderAndNoOthersAre) {
  for (const StudyKeyRow& row : study_keys()) {
    std::string open;
    std::string close;
    std::string path = row.path;
    for (std::size_t dot = path.find('.'); dot != std::string::npos; dot = path.find('.')) {
      open += "{\"" + path.substr(0, dot) + "\":";
      close += "}";
      path.erase(0, dot + 1);
    }
    for (const bool is_known : {true, false}) {
      const std::string last = path + (is_known ? "" : "_q");
      try {
        parse_study(open + "{\"" + last + "\":null}" + close, "t");
        ADD_FAILURE() << row.path << " takes null";
      } catch (const StudyError& error) {
        const bool is_refused = std::string(error.what()).find("unknown key") != std::string::npos;
        EXPECT_EQ(is_refused, !is_known) << row.path << '\n' << error.what();
      }
    }
  }
}

}  // namespace
}  // namespace glimpse::experiments
