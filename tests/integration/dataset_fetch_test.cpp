// Downloads from a server on loopback: nothing here leaves the machine.

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include <gtest/gtest.h>

#include "tests/integration/glimpse_runner.h"

namespace glimpse::tests {
namespace {

namespace fs = std::filesystem;

// Serves a folder; the port is the system's choice, so tests may run side by side.
class FileServer {
 public:
  FileServer() {
    fs::create_directories(folder());
    runner_.shell(
        "python3 -u -m http.server --directory served --bind 127.0.0.1 0 > log 2>&1 & "
        "echo $! > pid; for i in $(seq 200); do grep -q 'port [0-9]' log && break; sleep 0.05; "
        "done");
    std::ifstream(runner_.folder() / "pid") >> pid_;
    const std::string log = load_bytes(runner_.folder() / "log");
    std::istringstream(log.substr(log.find("port ") + 5)) >> port_;
  }
  ~FileServer() { kill(pid_, SIGTERM); }
  FileServer(const FileServer&) = delete;
  FileServer& operator=(const FileServer&) = delete;
  FileServer(FileServer&&) = delete;
  FileServer& operator=(FileServer&&) = delete;

  [[nodiscard]] fs::path folder() const { return runner_.folder() / "served"; }
  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

 private:
  GlimpseRunner runner_;
  pid_t pid_ = 0;
  int port_ = 0;
};

TEST(DatasetFetch, PrintsCommandsAndRunsNothing) {
  const GlimpseRunner glimpse;
  const RunResult result =
      glimpse.run({"dataset", "fetch", "--print-commands", "--data-dir", "my data"});
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.out.find("mkdir -p 'my data'\ncurl "), 0U) << result.out;
  EXPECT_NE(result.out.find("https://ossci-datasets.s3.amazonaws.com/mnist/"
                            "train-images-idx3-ubyte.gz"),
            std::string::npos);
  EXPECT_FALSE(fs::exists(glimpse.folder() / "my data"));
}

TEST(DatasetFetch, RefusesToGoOnlineWhenOffline) {
  GlimpseRunner glimpse;
  EXPECT_EQ(glimpse.run({"dataset", "fetch", "--offline"}).status, 78);
  glimpse.set("GLIMPSE_OFFLINE", "1");
  const RunResult result = glimpse.run({"dataset", "fetch"});
  EXPECT_EQ(result.status, 78);
  EXPECT_NE(result.err.find("GLIMPSE_OFFLINE"), std::string::npos);
}

TEST(DatasetFetch, TakesNothingThatIsNotMnist) {
  const FileServer server;
  save_bytes(server.folder() / "train-images-idx3-ubyte.gz", "<html>log in first</html>");
  const GlimpseRunner glimpse;
  const RunResult result =
      glimpse.run({"dataset", "fetch", "--mirror", server.url(), "--data-dir", "d"});
  EXPECT_EQ(result.status, 66);
  EXPECT_NE(result.err.find("no mirror gave it"), std::string::npos) << result.err;
  EXPECT_TRUE(fs::is_empty(glimpse.folder() / "d"));
}

TEST(DatasetFetch, SaysWhenAMirrorHasNoSuchFile) {
  const FileServer server;
  const GlimpseRunner glimpse;
  const RunResult result =
      glimpse.run({"dataset", "fetch", "--mirror", server.url() + "/", "--data-dir", "d"});
  EXPECT_EQ(result.status, 66);
  EXPECT_NE(result.err.find(server.url() + "/train-images-idx3-ubyte.gz"), std::string::npos);
}

#ifdef GLIMPSE_MNIST_DIR
class FetchFromLoopback : public testing::Test {
 protected:
  FetchFromLoopback() {
    for (const auto& entry : fs::directory_iterator(GLIMPSE_MNIST_DIR)) {
      fs::create_symlink(entry.path(), server_.folder() / entry.path().filename());
    }
  }
  [[nodiscard]] RunResult fetch() const {
    return glimpse_.run({"dataset", "fetch", "--mirror", server_.url(), "--data-dir", "d"});
  }
  [[nodiscard]] fs::path file() const { return glimpse_.folder() / "d/train-images-idx3-ubyte.gz"; }

  FileServer server_;
  GlimpseRunner glimpse_;
};

TEST_F(FetchFromLoopback, FetchesOnceAndBuildsFromIt) {
  const RunResult first = fetch();
  ASSERT_EQ(first.status, 0) << first.err;
  EXPECT_TRUE(fs::is_regular_file(file()));
  const RunResult second = fetch();
  EXPECT_EQ(second.status, 0);
  EXPECT_NE(second.err.find("already there, verified"), std::string::npos) << second.err;
  EXPECT_EQ(
      glimpse_.run({"dataset", "build", "train=100", "valid=50", "test=50", "--data-dir", "d"})
          .status,
      0);
}

TEST_F(FetchFromLoopback, GoesOnAfterADownloadThatWasCutOff) {
  fs::create_directories(file().parent_path());
  const std::string all = load_bytes(fs::path(GLIMPSE_MNIST_DIR) / "train-images-idx3-ubyte.gz");
  save_bytes(file().string() + ".part", all.substr(0, all.size() / 2));
  const RunResult result = fetch();
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(load_bytes(file()), all);
  EXPECT_FALSE(fs::exists(file().string() + ".part"));
}

TEST_F(FetchFromLoopback, UsesWgetWhereThereIsNoCurl) {
  fs::create_directories(glimpse_.folder() / "bin");
  glimpse_.shell("ln -s $(command -v wget) bin/wget");
  glimpse_.set("PATH", (glimpse_.folder() / "bin").string());
  const RunResult result = fetch();
  EXPECT_EQ(result.status, 0) << result.err;
}

TEST_F(FetchFromLoopback, DoesNotTouchAWrongFileThatIsInTheWay) {
  fs::create_directories(file().parent_path());
  save_bytes(file(), "mine");
  const RunResult result = fetch();
  EXPECT_EQ(result.status, 65);
  EXPECT_EQ(load_bytes(file()), "mine");
}
#endif

}  // namespace
}  // namespace glimpse::tests
