#include "launcher/replay_reasons.h"

#include <gtest/gtest.h>

namespace glimpse::launcher {
namespace {

TrainingGround ground() {
  return {.environment = {{"torch", std::string("2.11.0")},
                          {"device", std::string("cuda:0")},
                          {"device_model", std::string("H100")},
                          {"device_uuid", std::string("u1")},
                          {"threads", 2.0}},
          .code = "1",
          .world_size = 1};
}

TEST(ReplayReasons, AreNoneOnEqualGround) {
  TrainingGround here = ground();
  EXPECT_TRUE(find_replay_reasons(ground(), here).empty());
  here.environment["device_uuid"] = std::string("u2");
  here.environment["device"] = std::string("cuda:1");
  EXPECT_TRUE(find_replay_reasons(ground(), here).empty()) << "one device like another";
}

TEST(ReplayReasons, NameEachThingThatIsAnotherOne) {
  TrainingGround here = ground();
  here.environment["torch"] = std::string("2.12.0");
  here.environment["device_model"] = std::string("H200");
  here.environment["threads"] = 4.0;
  here.code = "2";
  here.world_size = 4;
  EXPECT_EQ(find_replay_reasons(ground(), here),
            (std::vector<std::string>{"Torch was 2.11.0 and is 2.12.0",
                                      "the device was H100 and is H200",
                                      "the number of threads was 2 and is 4",
                                      "the version of the model's code was 1 and is 2",
                                      "the number of processes was 1 and is 4"}));
}

TEST(ReplayReasons, TakeWhatWasNotRecordedForNone) {
  TrainingGround recorded = ground();
  recorded.environment.clear();
  EXPECT_TRUE(find_replay_reasons(recorded, ground()).empty());
}

}  // namespace
}  // namespace glimpse::launcher
