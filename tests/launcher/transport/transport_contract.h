#pragma once

// What every Transport keeps, tried on each of them in the same words. A World type's run() calls a
// function once for each rank, with that rank's Transport: in threads, or in this process as the
// one rank that it is.

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "launcher/transport/transport.h"

namespace glimpse::tests {

using launcher::JoinMessage;
using launcher::Received;
using launcher::SignalMessage;
using launcher::Transport;

inline Received receive(Transport& transport) {
  for (;;) {
    if (auto received = transport.try_receive()) {
      return *std::move(received);
    }
    std::this_thread::sleep_for(std::chrono::microseconds(50));
  }
}

inline void flush(Transport& transport) {
  while (!transport.try_flush()) {
    transport.try_receive();
    std::this_thread::sleep_for(std::chrono::microseconds(50));
  }
}

// `count` numbered messages from everybody arrive here, each sender's in order.
inline void expect_numbered(Transport& transport, int count) {
  std::map<int, int> seen;
  for (int left = count * transport.size(); left > 0; --left) {
    const Received received = receive(transport);
    EXPECT_EQ(std::get<SignalMessage>(received.message).times, seen[received.from]++);
  }
  EXPECT_EQ(seen.size(), static_cast<std::size_t>(transport.size()));
}

inline void send_numbered(Transport& transport, int count) {
  for (int i = 0; i < count; ++i) {
    for (int to = 0; to < transport.size(); ++to) {
      transport.send(to, SignalMessage{i});
    }
  }
}

inline JoinMessage big_message(const Transport& transport, std::size_t bytes) {
  JoinMessage join;
  join.host = std::to_string(transport.rank());
  join.host.resize(bytes, 'v');
  return join;
}

template <class World>
class TransportContract : public testing::Test {};

TYPED_TEST_SUITE_P(TransportContract);

TYPED_TEST_P(TransportContract, EveryRankIsOneOfItsSize) {
  TypeParam::run([](Transport& transport) {
    EXPECT_GE(transport.rank(), 0);
    EXPECT_LT(transport.rank(), transport.size());
  });
}

TYPED_TEST_P(TransportContract, NothingSentIsNothingReceived) {
  TypeParam::run([](Transport& transport) {
    EXPECT_FALSE(transport.try_receive().has_value());
    EXPECT_TRUE(transport.try_flush());
  });
}

TYPED_TEST_P(TransportContract, ARankHearsItself) {
  TypeParam::run([](Transport& transport) {
    transport.send(transport.rank(), SignalMessage{3});
    const Received received = receive(transport);
    EXPECT_EQ(received.from, transport.rank());
    EXPECT_EQ(std::get<SignalMessage>(received.message).times, 3);
    EXPECT_FALSE(transport.try_receive().has_value());
  });
}

TYPED_TEST_P(TransportContract, MessagesOfASenderKeepTheirOrder) {
  TypeParam::run([](Transport& transport) {
    send_numbered(transport, 100);
    expect_numbered(transport, 100);
  });
}

TYPED_TEST_P(TransportContract, BigMessagesArriveWholeAmongSmallOnes) {
  TypeParam::run([](Transport& transport) {
    const JoinMessage sent = big_message(transport, std::size_t{64} * 1024);
    for (int to = 0; to < transport.size(); ++to) {
      transport.send(to, SignalMessage{0});
      transport.send(to, sent);
      transport.send(to, SignalMessage{1});
    }
    std::map<int, int> seen;
    for (int left = 3 * transport.size(); left > 0; --left) {
      const Received received = receive(transport);
      if (seen[received.from]++ == 1) {
        const auto& join = std::get<JoinMessage>(received.message);
        EXPECT_EQ(join.host.size(), sent.host.size());
        EXPECT_TRUE(join.host.starts_with(std::to_string(received.from) + "v"));
        EXPECT_TRUE(join.host.ends_with("vv"));
      } else {
        EXPECT_TRUE(std::holds_alternative<SignalMessage>(received.message));
      }
    }
  });
}

// If sending waited for the receiver, all would wait for each other.
TYPED_TEST_P(TransportContract, SendingNeverWaitsForTheReceiver) {
  TypeParam::run([](Transport& transport) {
    const int count = 100;
    const JoinMessage sent = big_message(transport, std::size_t{64} * 1024);
    for (int i = 0; i < count; ++i) {
      transport.send(0, sent);
      transport.send(transport.size() - 1, sent);
    }
    int expected = transport.rank() == 0 ? count * transport.size() : 0;
    expected += transport.rank() == transport.size() - 1 ? count * transport.size() : 0;
    for (; expected > 0; --expected) {
      EXPECT_EQ(std::get<JoinMessage>(receive(transport).message).host.size(), sent.host.size());
    }
    flush(transport);
  });
}

TYPED_TEST_P(TransportContract, WhatWasReceivedHasLeft) {
  TypeParam::run([](Transport& transport) {
    transport.send(0, SignalMessage{1});
    if (transport.rank() == 0) {
      for (int left = transport.size(); left > 0; --left) {
        receive(transport);
      }
    }
    flush(transport);
    EXPECT_TRUE(transport.try_flush());
  });
}

TYPED_TEST_P(TransportContract, StormsBothWaysLoseNothing) {
  TypeParam::run([](Transport& transport) {
    const int count = 10'000;
    std::map<int, int> seen;
    int left = count * transport.size();
    const auto take = [&] {
      while (const auto received = transport.try_receive()) {
        EXPECT_EQ(std::get<SignalMessage>(received->message).times, seen[received->from]++);
        --left;
      }
    };
    for (int i = 0; i < count; ++i) {
      for (int to = 0; to < transport.size(); ++to) {
        transport.send(to, SignalMessage{i});
      }
      take();
    }
    while (left > 0) {
      take();
    }
    flush(transport);
  });
}

REGISTER_TYPED_TEST_SUITE_P(TransportContract,
                            EveryRankIsOneOfItsSize,
                            NothingSentIsNothingReceived,
                            ARankHearsItself,
                            MessagesOfASenderKeepTheirOrder,
                            BigMessagesArriveWholeAmongSmallOnes,
                            SendingNeverWaitsForTheReceiver,
                            WhatWasReceivedHasLeft,
                            StormsBothWaysLoseNothing);

}  // namespace glimpse::tests
