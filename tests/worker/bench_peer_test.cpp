#include "worker/bench_peer.h"

#include <chrono>
#include <csignal>
#include <string>

#include <gtest/gtest.h>

#include "storage/storage_error.h"
#include "tests/support/temp_dir.h"
#include "worker/train_error.h"

namespace glimpse::worker {
namespace {

using experiments::FaultClass;

class BenchPeerTest : public testing::Test {
 protected:
  BenchPeerTest() { std::signal(SIGPIPE, SIG_IGN); }

  // Runs these lines of shell.
  PeerOptions script(const std::string& text, double patience_s = 60) {
    const std::filesystem::path path = dir_ / "script.sh";
    tests::save_bytes(path, text);
    return {.script = path, .python = "sh", .patience_s = patience_s};
  }

  struct Complaint {
    FaultClass fault{};
    std::string text;
  };
  // Of the first call that fails: getting ready, or a round.
  Complaint complaint_of(const std::string& text, double patience_s = 60) {
    try {
      BenchPeer peer(script(text, patience_s), {});
      static_cast<void>(peer.wait_until_ready());
      static_cast<void>(peer.run(1));
    } catch (const TrainError& error) {
      return {error.fault(), error.what()};
    }
    ADD_FAILURE() << "no complaint of " << text;
    return {};
  }

  tests::TempDir dir_;
};

TEST_F(BenchPeerTest, TellsWhatItsRoundsTook) {
  BenchPeer peer(script("echo ready; while read word steps; do echo \"$steps 0.5\"; done"), {});
  EXPECT_EQ(peer.wait_until_ready(), std::nullopt);
  EXPECT_EQ(peer.run(3), (Spent{.wall_s = 0.5, .cpu_s = 3}));
  EXPECT_EQ(peer.run(12), (Spent{.wall_s = 0.5, .cpu_s = 12}));
}

TEST_F(BenchPeerTest, SaysWhyItWillNotTakePart) {
  BenchPeer peer(script("echo unavailable: no compiler; exit 1"), {});
  EXPECT_EQ(peer.wait_until_ready(), "no compiler");
}

TEST_F(BenchPeerTest, GetsItsArgumentsOneThreadAndOurMalloc) {
  BenchPeer peer(script("echo \"unavailable: $1|$2|$OMP_NUM_THREADS $MKL_NUM_THREADS "
                        "$MALLOC_MMAP_MAX_ $MALLOC_TRIM_THRESHOLD_\""),
                 {"{\"a\": 1}", "--plain"});
  EXPECT_EQ(peer.wait_until_ready(), "{\"a\": 1}|--plain|1 1 0 2147483647");
}

TEST_F(BenchPeerTest, GoesWithTheObject) {
  const auto started = std::chrono::steady_clock::now();
  {
    BenchPeer peer(script("echo ready; exec sleep 600"), {});
    static_cast<void>(peer.wait_until_ready());
  }
  EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::minutes(1));
}

TEST_F(BenchPeerTest, AMissingScriptIsMissingInput) {
  try {
    const BenchPeer peer({.script = dir_ / "none.py"}, {});
    FAIL() << "started a script that is not there";
  } catch (const storage::StorageError& error) {
    EXPECT_EQ(error.fault(), storage::StorageFault::kMissing);
    EXPECT_NE(std::string(error.what()).find("none.py: there is no such file"), std::string::npos);
  }
}

TEST_F(BenchPeerTest, ADeathIsToldWithItsLastWords) {
  const Complaint early = complaint_of("echo Traceback >&2; echo 'no torch' >&2; exit 3");
  EXPECT_EQ(early.fault, FaultClass::kExitCode);
  EXPECT_NE(early.text.find("script.sh: sh ended with code 3: no torch (--python"),
            std::string::npos)
      << early.text;
  EXPECT_NE(complaint_of("echo ready; read line; kill -9 $$").text.find("ended with signal 9"),
            std::string::npos);
}

TEST_F(BenchPeerTest, AProgramThatIsNotThereIsToldLikewise) {
  PeerOptions options = script("");
  options.python = "no-such-python";
  BenchPeer peer(options, {});
  try {
    static_cast<void>(peer.wait_until_ready());
    FAIL() << "started a program that is not there";
  } catch (const TrainError& error) {
    EXPECT_NE(std::string(error.what()).find("no-such-python ended with code 127: No such file"),
              std::string::npos)
        << error.what();
  }
}

TEST_F(BenchPeerTest, NonsenseIsQuotedInOneLine) {
  for (const char* const said : {"hello",
                                 "ready; echo 1",
                                 "ready; echo 1 2 3",
                                 "ready; echo -1 2",
                                 "ready; echo 0 1",
                                 "ready; echo nan 1",
                                 "ready; echo inf 1",
                                 "ready; echo 1e300 1",
                                 "ready; echo '1 2x'",
                                 "ready; echo",
                                 "ready; printf '\\033[2J\\001\\n'",
                                 "ready; head -c 1000000 /dev/zero"}) {
    const Complaint complaint = complaint_of("echo " + std::string(said));
    EXPECT_EQ(complaint.fault, FaultClass::kProtocol) << said;
    EXPECT_LT(complaint.text.size(), 500U);
    for (const char c : complaint.text) {
      EXPECT_TRUE(c >= ' ' && c <= '~') << said;
    }
  }
}

TEST_F(BenchPeerTest, SilenceHasAnEnd) {
  const Complaint silent = complaint_of("exec sleep 600", 0.1);
  EXPECT_EQ(silent.fault, FaultClass::kHung);
  EXPECT_NE(silent.text.find("it was silent for"), std::string::npos) << silent.text;
  EXPECT_EQ(complaint_of("echo ready; exec sleep 600", 0.1).fault, FaultClass::kHung);
}

}  // namespace
}  // namespace glimpse::worker
