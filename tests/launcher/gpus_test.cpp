#include "launcher/gpus.h"

#include <gtest/gtest.h>

#include "launcher/transport/launch_error.h"

namespace glimpse::launcher {
namespace {

TEST(ParseGpus, TakesTheGpusOfTheWorkersList) {
  const auto gpus = parse_gpus(R"({"version":1,"devices":[
      {"name":"cpu","model":"AVX2","uuid":"","memory_bytes":1},
      {"name":"cuda:0","model":"H100","uuid":"GPU-a","memory_bytes":2},
      {"name":"cuda:1","model":"H100","uuid":"GPU-b","memory_bytes":2}]})");
  EXPECT_EQ(gpus, (std::vector<Gpu>{{0, "H100", "GPU-a"}, {1, "H100", "GPU-b"}}));
  EXPECT_EQ(describe_gpus(gpus), "H100 GPU-a, H100 GPU-b");
}

TEST(ParseGpus, RefusesWhatIsNoSuchList) {
  for (const char* const text :
       {"", "[]", "{}", R"({"devices":3})", R"({"devices":[1]})", R"({"devices":[{}]})"}) {
    EXPECT_THROW(parse_gpus(text), LaunchError) << text;
  }
}

TEST(ListGpus, KnowsOfNoneWithoutTheWorker) {
  EXPECT_TRUE(list_gpus("/no/such/worker").empty());
  EXPECT_THROW(list_gpus("/bin/false"), LaunchError);
}

TEST(Deal, GivesAllAwayInRows) {
  EXPECT_EQ(deal(8, 0, 2), (Share{0, 4}));
  EXPECT_EQ(deal(8, 1, 2), (Share{4, 4}));
  std::size_t next = 0;
  for (std::size_t place = 0; place < 3; ++place) {
    const Share share = deal(8, place, 3);
    EXPECT_EQ(share.first, next);
    next += share.count;
  }
  EXPECT_EQ(next, 8U);
}

TEST(ShareOfGpus, IsDealtAmongRanksThatSeeTheSame) {
  const std::vector<std::string> seen = {"a, b", "a, b", "c", "d", "a, b"};
  const std::vector<int> nodes = {0, 0, 2, 2, 4};
  EXPECT_EQ(share_of_gpus(seen, nodes, 0, 2), (Share{0, 1}));
  EXPECT_EQ(share_of_gpus(seen, nodes, 1, 2), (Share{1, 1}));
  EXPECT_EQ(share_of_gpus(seen, nodes, 2, 1), (Share{0, 1}));  // its own, called 0 by all
  EXPECT_EQ(share_of_gpus(seen, nodes, 3, 1), (Share{0, 1}));
  EXPECT_EQ(share_of_gpus(seen, nodes, 4, 2), (Share{0, 2}));  // another node
}

}  // namespace
}  // namespace glimpse::launcher
