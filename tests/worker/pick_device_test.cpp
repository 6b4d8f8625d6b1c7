#include "worker/pick_device.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "worker/train_error.h"

namespace glimpse::worker {
namespace {

using Devices = std::vector<Device>;

const Devices kCpu = {{.name = "cpu", .model = "", .uuid = ""}};
const Devices kGpus = {{.name = "cuda:0", .model = "", .uuid = ""},
                       {.name = "cuda:1", .model = "", .uuid = ""}};

std::string refusal(const Devices& devices, const std::string& kind, const std::string& name) {
  try {
    pick_device(devices, kind, name);
  } catch (const TrainError& error) {
    EXPECT_EQ(error.fault(), experiments::FaultClass::kCuda);
    return error.what();
  }
  return "";
}

TEST(PickDevice, TakesTheOneThatIsNamed) {
  EXPECT_EQ(pick_device(kCpu, "cpu", "cpu").name, "cpu");
  EXPECT_EQ(pick_device(kGpus, "cuda", "cuda:1").name, "cuda:1");
}

TEST(PickDevice, TakesTheFirstOfAKindWithoutANumber) {
  EXPECT_EQ(pick_device(kGpus, "cuda", "cuda").name, "cuda:0");
}

TEST(PickDevice, NamesTheProgramForAnotherKind) {
  EXPECT_EQ(refusal(kCpu, "cpu", "cuda"),
            "use device 'cuda': glimpse-worker-cuda is the program for it");
  EXPECT_EQ(refusal(kCpu, "cpu", "cuda:3"),
            "use device 'cuda:3': glimpse-worker-cuda is the program for it");
  EXPECT_EQ(refusal(kGpus, "cuda", "cpu"),
            "use device 'cpu': glimpse-worker is the program for it");
}

TEST(PickDevice, SaysThatThereIsNoGpu) {
  EXPECT_EQ(refusal({}, "cuda", "cuda"),
            "use device 'cuda': there is no GPU here, or no driver for it");
}

TEST(PickDevice, NamesWhatListsThoseThatThereAre) {
  EXPECT_EQ(refusal(kGpus, "cuda", "cuda:2"),
            "use device 'cuda:2': there is none here ('glimpse-worker-cuda info' lists them)");
  EXPECT_EQ(refusal(kCpu, "cpu", "abacus"),
            "use device 'abacus': there is none here ('glimpse-worker info' lists them)");
}

}  // namespace
}  // namespace glimpse::worker
