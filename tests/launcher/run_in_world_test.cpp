#include "launcher/run_in_world.h"

#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "launcher/transport/launch_error.h"
#include "launcher/transport/lone_world.h"
#include "tests/launcher/fake_env.h"

namespace glimpse::launcher {
namespace {

// A world of one that says how it ended.
class WatchedWorld final : public World {
 public:
  explicit WatchedWorld(std::string& ends) : ends_(ends) {}
  Transport& transport() override { return lone_.transport(); }
  [[nodiscard]] NodePlace place() const override { return lone_.place(); }
  std::vector<std::string> all_gather(const std::string& mine) override { return {mine}; }
  void finish() override { ends_ += "finish;"; }
  void fail(int exit_code) noexcept override { ends_ += "fail " + std::to_string(exit_code) + ";"; }

 private:
  LoneWorld lone_;
  std::string& ends_;
};

struct RunInWorld : testing::Test {
  RunInWorld() {
    fake.env.open_world = [this] { return std::make_unique<WatchedWorld>(ends); };
  }

  tests::FakeEnv fake;
  std::string ends;
  RankClaim claim{.version = version_claim(), .command = "digest"};
};

TEST_F(RunInWorld, AloneItWorksOnAllCoresAndGivesItsCode) {
  const int code = run_in_world(claim, fake.env, [](World& world, const Crew& crew) {
    EXPECT_EQ(world.transport().size(), 1);
    EXPECT_EQ(crew.ranks.size(), 1U);
    EXPECT_EQ(crew.ranks.front().command, "digest");
    EXPECT_EQ(crew.cores, crew.ranks.front().cores);
    EXPECT_FALSE(crew.cores.empty());
    return 3;
  });
  EXPECT_EQ(code, 3);
  EXPECT_EQ(ends, "finish;");
}

TEST_F(RunInWorld, AloneAnErrorIsTheCallers) {
  EXPECT_THROW(
      run_in_world(
          claim, fake.env, [](World&, const Crew&) -> int { throw std::runtime_error("broken"); }),
      std::runtime_error);
  EXPECT_EQ(ends, "finish;");
  EXPECT_EQ(fake.err.str(), "");
}

TEST_F(RunInWorld, OneOfSeveralCopiesDoesNoWork) {
  fake.environment.launch.slurm_tasks = "2";
  try {
    run_in_world(claim, fake.env, [](World&, const Crew&) -> int {
      ADD_FAILURE() << "worked";
      return 0;
    });
    FAIL() << "returned";
  } catch (const LaunchError& error) {
    EXPECT_EQ(error.code(), experiments::ExitCode::kBadConfig);
    EXPECT_EQ(std::string(error.what()).rfind("started as 2 independent copies;", 0), 0U);
  }
  EXPECT_EQ(ends, "finish;");
}

}  // namespace
}  // namespace glimpse::launcher
