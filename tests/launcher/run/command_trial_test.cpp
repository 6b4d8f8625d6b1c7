#include "launcher/run/command_trial.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace glimpse::launcher {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;
using testing::StartsWith;

Job make_job() {
  Job job;
  job.start.attempt = {.run = "0123456789abcdef0123456789abcdef", .number = 3};
  job.start.seed = 7;
  job.start.parameters = {{"lr", 0.5}, {"kind", std::string("a b")}, {"flag", true}};
  job.slots = {2};
  return job;
}

TEST(FillCommand, PutsInValuesAndLeavesAllOtherText) {
  const std::vector<std::string> command = {"train.py",
                                            "--lr={lr}",
                                            "{kind}{kind}",
                                            "{flag}-{seed}-{attempt}",
                                            "{run_id}",
                                            "awk '{print $1}'",
                                            "{",
                                            "}",
                                            "{}",
                                            "{unknown}",
                                            "{{lr}}",
                                            "a{lr"};
  EXPECT_THAT(fill_command(command, make_job().start),
              ElementsAre("train.py",
                          "--lr=0.5",
                          "a ba b",
                          "true-7-3",
                          "0123456789abcdef0123456789abcdef",
                          "awk '{print $1}'",
                          "{",
                          "}",
                          "{}",
                          "{unknown}",
                          "{0.5}",
                          "a{lr"));
}

TEST(FillCommand, DoesNotFillWhatAValueBrought) {
  Job job = make_job();
  job.start.parameters["kind"] = std::string("{lr}");
  EXPECT_THAT(fill_command({"{kind}"}, job.start), ElementsAre("{lr}"));
}

TEST(CommandEnvironment, TellsAProgramWhoItIs) {
  const auto environment = command_environment(make_job(), 0, {.run_folder = "/r/01"});
  EXPECT_THAT(environment,
              ElementsAre("GLIMPSE_FD=3",
                          "GLIMPSE_RUN_ID=0123456789abcdef0123456789abcdef",
                          "GLIMPSE_RUN_DIR=/r/01",
                          "GLIMPSE_ATTEMPT=3",
                          "GLIMPSE_SEED=7",
                          "CUDA_VISIBLE_DEVICES="));
}

TEST(CommandEnvironment, GivesEachMemberItsRankAndItsDevices) {
  Job job = make_job();
  job.members = 2;
  job.slots = {0, 1, 2, 3};
  const auto environment =
      command_environment(job, 1, {.run_folder = "/r", .gpus = {4, 5, 6, 7}, .master_port = 4711});
  for (const char* const expected : {"RANK=1",
                                     "WORLD_SIZE=2",
                                     "LOCAL_RANK=1",
                                     "MASTER_ADDR=127.0.0.1",
                                     "MASTER_PORT=4711",
                                     "CUDA_VISIBLE_DEVICES=6,7"}) {
    EXPECT_THAT(environment, Contains(expected));
  }
  EXPECT_THAT(command_environment(make_job(), 0, {}), Not(Contains(StartsWith("RANK="))));
}

}  // namespace
}  // namespace glimpse::launcher
