// Real ranks: the contract, and what a hop and an idle rank cost.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "launcher/mpi/communicator.h"
#include "launcher/mpi/mpi_transport.h"
#include "tests/launcher/transport/transport_contract.h"

namespace glimpse::tests {
namespace {

using launcher::Communicator;
using std::chrono::duration;
using std::chrono::steady_clock;

// Each case has messages of its own.
struct RealRanks {
  static void run(const std::function<void(Transport&)>& body) {
    const auto transport = launcher::make_mpi_transport(Communicator::of_world());
    body(*transport);
  }
};

INSTANTIATE_TYPED_TEST_SUITE_P(OverMpi, TransportContract, RealRanks);

TEST(MpiTransport, MustBeAskedOftenAsNothingWakesASleeper) {
  RealRanks::run([](Transport& transport) { EXPECT_TRUE(transport.needs_probing()); });
}

using Pause = std::function<void()>;

void sleep_until_probe() {
  std::this_thread::sleep_for(launcher::kProbeInterval);
}

Received probe(Transport& transport, const Pause& pause) {
  for (;;) {
    if (auto received = transport.try_receive()) {
      return *std::move(received);
    }
    pause();
  }
}

// Milliseconds from one rank to the next, of a message that goes through all of them and back.
std::vector<double> measure_hops(Transport& transport, int rounds, const Pause& pause) {
  const int next = (transport.rank() + 1) % transport.size();
  std::vector<double> hops;
  for (int i = 0; i < rounds; ++i) {
    const auto start = steady_clock::now();
    if (transport.rank() == 0) {
      transport.send(next, SignalMessage{i});
    }
    probe(transport, pause);
    if (transport.rank() != 0) {
      transport.send(next, SignalMessage{i});
    }
    const duration<double, std::milli> taken = steady_clock::now() - start;
    hops.push_back(taken.count() / transport.size());
  }
  std::sort(hops.begin(), hops.end());
  return hops;
}

void print_hops(const char* how, const std::vector<double>& hops) {
  std::printf("hop %s: median %.3f ms, slowest %.3f ms of %zu rounds\n",
              how,
              hops[hops.size() / 2],
              hops.back(),
              hops.size());
}

TEST(MpiTransport, AHopTakesMilliseconds) {
  RealRanks::run([](Transport& transport) {
    const auto probed = measure_hops(transport, 100, sleep_until_probe);
    const auto spun = measure_hops(transport, 1000, std::this_thread::yield);
    if (transport.rank() == 0) {
      print_hops("with probes", probed);
      print_hops("without sleep", spun);
      EXPECT_LT(probed[probed.size() / 2], 50);  // ten times what it takes at the most
    }
  });
}

double cpu_s() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

// Percent of a core that doing this takes at each probe.
double measure_idling(const std::function<void()>& act) {
  const auto start = steady_clock::now();
  const double cpu_before = cpu_s();
  duration<double> waited{};
  while (waited.count() < 1) {
    act();
    sleep_until_probe();
    waited = steady_clock::now() - start;
  }
  return 100 * (cpu_s() - cpu_before) / waited.count();
}

TEST(MpiTransport, AnIdleRankCostsNextToNothing) {
  RealRanks::run([](Transport& transport) {
    const double asleep = measure_idling([] {});
    const double probing =
        measure_idling([&] { EXPECT_FALSE(transport.try_receive().has_value()); });
    if (transport.rank() == 0) {
      std::printf("idle: %.2f %% of a core with a probe every %d ms, %.2f %% for waking up alone\n",
                  probing,
                  static_cast<int>(launcher::kProbeInterval.count()),
                  asleep);
    }
    EXPECT_LT(probing, 10);
  });
}

TEST(Communicator, IsADuplicateWithMessagesOfItsOwn) {
  Communicator world = Communicator::of_world();
  const auto first = launcher::make_mpi_transport(world.duplicate());
  const auto second = launcher::make_mpi_transport(world.duplicate());
  first->send(world.rank(), SignalMessage{1});
  EXPECT_FALSE(second->try_receive().has_value());
  EXPECT_EQ(std::get<SignalMessage>(receive(*first).message).times, 1);
}

TEST(Communicator, SurvivesBeingMovedTwice) {
  Communicator first = Communicator::of_world();
  Communicator second = std::move(first);
  first = std::move(second);
  EXPECT_GE(first.rank(), 0);
  Communicator third = std::move(first);
  EXPECT_LT(third.rank(), third.size());
}

TEST(Communicator, GathersWhatEveryRankGave) {
  const Communicator world = Communicator::of_world();
  const auto gift = [](int rank) {
    return std::string(static_cast<std::size_t>(rank * 1000), 'g');
  };
  const auto gathered = world.all_gather(gift(world.rank()));
  ASSERT_EQ(gathered.size(), static_cast<std::size_t>(world.size()));
  for (int rank = 0; rank < world.size(); ++rank) {
    EXPECT_EQ(gathered[static_cast<std::size_t>(rank)], gift(rank));
  }
}

TEST(Communicator, FindsTheRanksOfANode) {
  const Communicator world = Communicator::of_world();
  const launcher::NodePlace place = world.find_place();
  // The tests' ranks share this machine.
  EXPECT_EQ(place.node, 0);
  EXPECT_EQ(place.local_rank, world.rank());
  EXPECT_EQ(place.local_size, world.size());
}

}  // namespace
}  // namespace glimpse::tests
