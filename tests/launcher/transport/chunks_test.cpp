#include "launcher/transport/chunks.h"

#include <optional>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "launcher/transport/launch_error.h"
#include "tests/support/damage.h"

namespace glimpse::launcher {
namespace {

constexpr std::size_t kCap = 100'000;

RC_GTEST_PROP(Chunks, MessagesComeTogetherAgain, ()) {
  ChunkCutter cutter;
  ChunkJoiner joiner(kCap);
  for (int left = 5; left > 0; --left) {
    const std::string message(*rc::gen::inRange<std::size_t>(0, 5000), 'm');
    std::optional<std::string> joined;
    for (const std::string& chunk : cutter.cut(message)) {
      RC_ASSERT(!joined);
      RC_ASSERT(chunk.size() <= kMaxChunkBytes);
      joined = joiner.add(chunk);
    }
    RC_ASSERT(joined == message);
  }
}

TEST(Chunks, AreAsFewAsCanBe) {
  ChunkCutter cutter;
  EXPECT_EQ(cutter.cut("").size(), 1U);
  EXPECT_EQ(cutter.cut(std::string(1019, 'x')).size(), 1U);
  EXPECT_EQ(cutter.cut(std::string(1020, 'x')).size(), 2U);
}

TEST(Chunks, ALostOrDoubledOneIsSeen) {
  ChunkCutter cutter;
  const auto chunks = cutter.cut(std::string(3000, 'x'));
  ASSERT_EQ(chunks.size(), 3U);
  ChunkJoiner joiner(kCap);
  joiner.add(chunks[0]);
  EXPECT_THROW(joiner.add(chunks[2]), LaunchError);
  EXPECT_THROW(joiner.add(chunks[0]), LaunchError);
}

TEST(Chunks, ALostWholeMessageIsSeen) {
  ChunkCutter cutter;
  ChunkJoiner joiner(kCap);
  cutter.cut("lost");
  EXPECT_THROW(joiner.add(cutter.cut("next").front()), LaunchError);
}

TEST(Chunks, AMessageWithoutEndIsRefusedAtTheCap) {
  ChunkCutter cutter;
  ChunkJoiner joiner(2000);
  const auto chunks = cutter.cut(std::string(10'000, 'x'));
  EXPECT_EQ(joiner.add(chunks[0]), std::nullopt);
  EXPECT_THROW(joiner.add(chunks[1]), LaunchError);
}

TEST(Chunks, WhatHasNoShapeIsRefused) {
  ChunkJoiner joiner(kCap);
  EXPECT_THROW(joiner.add(""), LaunchError);
  EXPECT_THROW(joiner.add(std::string(4, '\0')), LaunchError);
  EXPECT_THROW(joiner.add(std::string(1025, '\0')), LaunchError);
  EXPECT_THROW(joiner.add(std::string("\0\0\0\0\2", 5)), LaunchError);
  EXPECT_THROW(joiner.add(std::string("\0\0\0\0\0only the last may be short", 31)), LaunchError);
}

// Damage never comes out longer than the cap, nor as anything but a LaunchError.
RC_GTEST_PROP(Chunks, DamagedOnesStayWithinTheCap, ()) {
  std::mt19937_64 random(*rc::gen::arbitrary<std::uint64_t>());
  ChunkCutter cutter;
  ChunkJoiner joiner(kCap);
  for (const std::string& chunk : cutter.cut(std::string(20'000, 'm'))) {
    try {
      const auto joined = joiner.add(random() % 4 == 0 ? tests::mutate(chunk, random) : chunk);
      const bool fits = !joined || joined->size() <= kCap;  // RC_ASSERT would look at both sides
      RC_ASSERT(fits);
    } catch (const LaunchError& error) {
      RC_ASSERT(error.code() == experiments::ExitCode::kProtocol);
    }
  }
}

}  // namespace
}  // namespace glimpse::launcher
