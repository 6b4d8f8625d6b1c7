// All formats alike.

#include <map>

#include <gtest/gtest.h>

#include "reports/export/crops_files.h"
#include "reports/export/csv_files.h"
#include "reports/export/optuna_journal.h"
#include "reports/export/tensorboard.h"
#include "tests/reports/export/small_study.h"

namespace glimpse::reports {
namespace {

namespace fs = std::filesystem;

using tests::load_bytes;

class ExportFiles : public tests::SmallStudy {};

// Every file by its path from the folder.
std::map<std::string, std::string> content_of(const fs::path& folder) {
  std::map<std::string, std::string> content;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) {
      content[entry.path().lexically_relative(folder).string()] = load_bytes(entry.path());
    }
  }
  return content;
}

TEST_F(ExportFiles, AreTheSameBytesEachTime) {
  const auto export_all = [&](const fs::path& folder) {
    export_csv(*reader_, study_, folder / "csv");
    export_optuna(*reader_, study_, definition(), folder / "optuna");
    export_tensorboard(*reader_, study_, folder_, folder / "tensorboard");
    export_crops(folder_, study_, folder / "crops");
    return content_of(folder);
  };
  const auto first = export_all(out());
  EXPECT_EQ(first.size(), 6U);
  EXPECT_EQ(export_all(out()), first);
  EXPECT_EQ(export_all(dir_ / "elsewhere"), first);
}

}  // namespace
}  // namespace glimpse::reports
