#pragma once

// A study of two runs, the first of which is done and the second of which runs, with what exports
// of it need.

#include <filesystem>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "experiments/study.h"
#include "reports/reading/study_reader.h"
#include "storage/files/run_folder.h"
#include "storage/sqlite/query.h"
#include "tests/support/temp_dir.h"

namespace glimpse::tests {

class SmallStudy : public testing::Test {
 protected:
  SmallStudy();

  [[nodiscard]] std::filesystem::path out() const { return dir_ / "out"; }
  [[nodiscard]] static experiments::Study definition();
  [[nodiscard]] static std::string run_id(std::size_t run);

  TempDir dir_;
  storage::ResultsFolder folder_{dir_ / "results"};
  std::filesystem::path crops_;  // of the first run
  std::optional<storage::Query> results_;
  std::optional<reports::StudyReader> reader_;
  reports::StudyFacts study_;

 private:
  void fill();
};

}  // namespace glimpse::tests
