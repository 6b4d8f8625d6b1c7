#include "reports/export/export_folder.h"

#include <gtest/gtest.h>

#include "storage/storage_error.h"
#include "tests/support/temp_dir.h"

namespace glimpse::reports {
namespace {

namespace fs = std::filesystem;

using tests::load_bytes;
using tests::save_bytes;

void write(const ExportFolder& folder, const fs::path& name, const std::string& text) {
  ExportFile file = folder.create(name);
  file.write(text);
  file.commit();
}

std::string refusal_of(const fs::path& root, const std::vector<fs::path>& files) {
  try {
    const ExportFolder folder(root, files);
  } catch (const storage::StorageError& error) {
    EXPECT_EQ(error.fault(), storage::StorageFault::kCannotCreate);
    return error.what();
  }
  return "";
}

TEST(ExportFolder, IsMadeAndFilledAndFilledAgain) {
  const tests::TempDir dir;
  const fs::path root = dir / "new/export/";
  const std::vector<fs::path> files = {"a.csv", "run/b"};
  for (const std::string text : {"one", "two"}) {
    const ExportFolder folder(root, files);
    write(folder, "a.csv", text);
    write(folder, "run/b", text);
    EXPECT_EQ(load_bytes(root / "a.csv"), text);
    EXPECT_EQ(load_bytes(root / "run/b"), text);
  }
}

TEST(ExportFolder, RefusesWhatItWouldNotReplace) {
  const tests::TempDir dir;
  save_bytes(dir / "thesis.tex", "mine");
  EXPECT_NE(refusal_of(dir.path(), {"a.csv"}).find("thesis.tex there is not part"),
            std::string::npos);
  fs::remove(dir / "thesis.tex");
  fs::create_directory(dir / "run");
  save_bytes(dir / "run/older", "");
  EXPECT_NE(refusal_of(dir.path(), {"run/newer"}).find("run/older"), std::string::npos);
  EXPECT_EQ(refusal_of(dir.path(), {"run/older"}), "");
}

TEST(ExportFolder, TakesAwayItsOwnUnfinishedFilesAlone) {
  const tests::TempDir dir;
  const std::string ending = ".0123456789abcdef.tmp-glimpse";
  save_bytes(dir / (".a.csv" + ending), "half");
  EXPECT_EQ(refusal_of(dir.path(), {"a.csv"}), "");
  EXPECT_FALSE(fs::exists(dir / (".a.csv" + ending)));
  save_bytes(dir / (".a.csv" + ending), "half");
  save_bytes(dir / (".glimpse.db" + ending), "somebody else's");
  EXPECT_NE(refusal_of(dir.path(), {"a.csv"}), "");
  EXPECT_TRUE(fs::exists(dir / (".a.csv" + ending))) << "nothing goes where something is refused";
  EXPECT_TRUE(fs::exists(dir / (".glimpse.db" + ending)));
}

TEST(ExportFolder, ShowsNoFileBeforeItIsWhole) {
  const tests::TempDir dir;
  const ExportFolder folder(dir / "out", {"a"});
  {
    ExportFile file = folder.create("a");
    file.write(std::string(1 << 20, 'x'));
    EXPECT_FALSE(fs::exists(dir / "out/a"));
  }
  EXPECT_TRUE(fs::is_empty(dir / "out"));
}

}  // namespace
}  // namespace glimpse::reports
