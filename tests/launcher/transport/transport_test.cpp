// The transports that stay in one process.

#include <functional>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "launcher/transport/loopback.h"
#include "tests/launcher/transport/transport_contract.h"
#include "tests/support/memory_transport.h"

namespace glimpse::tests {
namespace {

using launcher::Loopback;

struct LoneRank {
  static void run(const std::function<void(Transport&)>& body) {
    Loopback loopback;
    body(loopback);
  }
};

template <int Size>
struct RanksAsThreads {
  static void run(const std::function<void(Transport&)>& body) {
    MemoryHub hub(Size);
    std::vector<std::jthread> ranks;
    for (int rank = 0; rank < Size; ++rank) {
      ranks.emplace_back([&hub, &body, rank] { body(*hub.transport(rank)); });
    }
  }
};

using Worlds = testing::Types<LoneRank, RanksAsThreads<1>, RanksAsThreads<2>, RanksAsThreads<4>>;
INSTANTIATE_TYPED_TEST_SUITE_P(InOneProcess, TransportContract, Worlds);

TEST(Loopback, HasNobodyElseToSendTo) {
  Loopback loopback;
  EXPECT_THROW(loopback.send(1, SignalMessage{1}), std::out_of_range);
  EXPECT_FALSE(loopback.needs_probing());
}

TEST(MemoryHub, HoldsUpWhatItIsToldTo) {
  double now_s = 0;
  MemoryHub hub(2, [&] { return now_s; });
  const auto sender = hub.transport(0);
  const auto receiver = hub.transport(1);
  hub.delay(0, 1, 5);
  sender->send(1, SignalMessage{1});
  EXPECT_FALSE(receiver->try_receive().has_value());
  EXPECT_FALSE(sender->try_flush());
  now_s = 5;
  EXPECT_TRUE(sender->try_flush());
  EXPECT_TRUE(receiver->try_receive().has_value());
}

TEST(MemoryHub, LosesWhatASilentRankSends) {
  MemoryHub hub(2);
  const auto silent = hub.transport(1);
  const auto other = hub.transport(0);
  silent->send(0, SignalMessage{1});
  hub.silence(1);
  silent->send(0, SignalMessage{2});
  other->send(1, SignalMessage{3});
  EXPECT_TRUE(other->try_receive().has_value());
  EXPECT_FALSE(other->try_receive().has_value());
  EXPECT_TRUE(silent->try_receive().has_value());
}

}  // namespace
}  // namespace glimpse::tests
