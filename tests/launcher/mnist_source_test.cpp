#include "launcher/mnist_source.h"

#include <gtest/gtest.h>

#include "experiments/mnist_files.h"
#include "storage/storage_error.h"
#include "tests/launcher/fake_env.h"
#include "tests/support/temp_dir.h"

namespace glimpse::launcher {
namespace {

using experiments::kMnistFiles;
using storage::StorageError;
using storage::StorageFault;

// Files of MNIST's form with two images, so that only the hash tells them apart.
void save_drop_in(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  for (const auto& file : kMnistFiles) {
    const bool is_images = file.name.find("images") != std::string_view::npos;
    std::string bytes = is_images ? std::string("\0\0\x08\x03\0\0\0\x02\0\0\0\x1c\0\0\0\x1c", 16)
                                  : std::string("\0\0\x08\x01\0\0\0\x02", 8);
    bytes += std::string(is_images ? 2 * 28 * 28 : 2, '\1');
    tests::save_bytes(folder / file.name, bytes);
  }
}

TEST(MnistPlaces, ComeInTheDocumentedOrder) {
  Environment environment;
  environment.home = "/home/me";
  environment.data_dir = "/from/environment";
  Settings settings;
  settings.data_dir.value = "/from/flag";
  EXPECT_EQ(mnist_places(settings, environment),
            (std::vector<std::filesystem::path>{"/from/flag",
                                                "/from/environment",
                                                "/home/me/.cache/glimpse/mnist",
                                                "./data/MNIST/raw",
                                                "./MNIST/raw"}));
}

TEST(FindMnist, WantsAllFourFilesInOnePlace) {
  const tests::TempDir dir;
  save_drop_in(dir / "a");
  save_drop_in(dir / "b");
  std::filesystem::remove(dir / "a" / kMnistFiles[2].name);
  const auto found = find_mnist({dir / "missing", dir / "a", dir / "b"});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->folder, dir / "b");
}

TEST(FindMnist, TellsWhereItLookedAndWhatToDo) {
  tests::FakeEnv fake;
  fake.env.settings.data_dir.value = "/nowhere/at/all";
  try {
    find_mnist_or_throw(fake.env);
    FAIL();
  } catch (const StorageError& error) {
    EXPECT_EQ(error.fault(), StorageFault::kMissing);
    EXPECT_NE(std::string(error.what()).find("/nowhere/at/all"), std::string::npos);
    EXPECT_NE(std::string(error.what()).find("glimpse dataset fetch"), std::string::npos);
  }
}

TEST(FindMnist, NamesTheFileThatIsMissing) {
  const tests::TempDir dir;
  save_drop_in(dir.path());
  std::filesystem::remove(dir / kMnistFiles[1].name);
  tests::FakeEnv fake;
  fake.env.settings.data_dir.value = dir.path().string();
  try {
    find_mnist_or_throw(fake.env);
    FAIL();
  } catch (const StorageError& error) {
    EXPECT_NE(std::string(error.what())
                  .find("; train-labels-idx1-ubyte is missing in " + dir.path().string()),
              std::string::npos)
        << error.what();
  }
}

TEST(LoadMnist, RefusesDropInsUnlessTheyAreAdmitted) {
  const tests::TempDir dir;
  save_drop_in(dir.path());
  tests::FakeEnv fake;
  const MnistFolder folder = *find_mnist({dir.path()});
  try {
    load_mnist(folder, false, fake.log);
    FAIL();
  } catch (const StorageError& error) {
    EXPECT_EQ(error.fault(), StorageFault::kForeign);
    EXPECT_NE(std::string(error.what()).find("train-images-idx3-ubyte"), std::string::npos);
  }
  const MnistContent content = load_mnist(folder, true, fake.log);
  EXPECT_FALSE(content.is_genuine);
  EXPECT_EQ(content.bytes[1].size(), 10U);
  EXPECT_NE(fake.err.str().find("warning"), std::string::npos);
}

TEST(LoadMnist, CallsAFileThatIsNoIdxForeign) {
  const tests::TempDir dir;
  save_drop_in(dir.path());
  tests::save_bytes(dir / kMnistFiles[0].name, "<html>not found</html>");
  tests::FakeEnv fake;
  EXPECT_THROW(
      {
        try {
          load_mnist(*find_mnist({dir.path()}), true, fake.log);
        } catch (const StorageError& error) {
          EXPECT_EQ(error.fault(), StorageFault::kForeign);
          throw;
        }
      },
      StorageError);
}

}  // namespace
}  // namespace glimpse::launcher
