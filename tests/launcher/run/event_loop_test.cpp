#include "launcher/run/event_loop.h"

#include <gtest/gtest.h>

#include "launcher/transport/launch_error.h"
#include "tests/launcher/run/fake_children.h"
#include "tests/support/memory_transport.h"
#include "tests/support/temp_dir.h"

namespace glimpse::launcher {
namespace {

// The second of two ranks; the test is the first. A second goes by in each turn of its loop.
class SecondRank : public testing::Test {
 protected:
  // Calls `first_rank` in each turn.
  void run(const std::function<void(Transport&)>& first_rank) {
    run_agent(agent_,
              *transport_,
              {.take_signal =
                   [&] {
                     now_s_ += 1;
                     first_rank(*first_);
                     return false;
                   },
               .now_s = [this] { return now_s_; },
               .tick = [] {}});
  }

  double now_s_ = 0;
  tests::TempDir dir_;
  tests::FakeChildren children_;
  tests::MemoryHub hub_{2};
  std::unique_ptr<Transport> first_ = hub_.transport(0);
  std::unique_ptr<Transport> transport_ = hub_.transport(1);
  Agent agent_{{.folder = storage::ResultsFolder(dir_ / "results"),
                .worker = "/bin/worker",
                .environment = {}},
               children_,
               {.send = [this](Message message) { transport_->send(0, std::move(message)); },
                .clock_ms = [] { return std::int64_t{1}; },
                .now_s = [this] { return now_s_; }}};
};

TEST_F(SecondRank, WaitsForTheFirstWordAsLongAsItTakes) {
  run([this](Transport& first) {
    if (now_s_ == 500) {
      first.send(1, LeaveMessage{});
    }
  });
  EXPECT_GE(now_s_, 500);
}

TEST_F(SecondRank, GivesUpAFirstRankThatFellSilent) {
  const auto run_until_silence = [this] {
    run([this](Transport& first) {
      if (now_s_ <= 100) {
        first.send(1, HeartbeatMessage{});
      }
      ASSERT_LT(now_s_, 200) << "still waits";
    });
  };
  EXPECT_THROW(run_until_silence(), LaunchError);
  EXPECT_GT(now_s_, 130);
  EXPECT_LT(now_s_, 140);
}

}  // namespace
}  // namespace glimpse::launcher
