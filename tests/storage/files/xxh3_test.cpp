#include "storage/files/xxh3.h"

#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "storage/storage_error.h"
#include "tests/support/temp_dir.h"

namespace glimpse::storage {
namespace {

// From xxHash's own sanity checks: XXH3_64bits of nothing, seed 0.
TEST(Xxh3, HashesNothingAsPublished) {
  EXPECT_EQ(xxh3(""), 0x2D06800538D394C2U);
  EXPECT_EQ(Xxh3().digest(), 0x2D06800538D394C2U);
}

TEST(Xxh3, GivesTheSameInPieces) {
  std::string text;
  for (int i = 0; i < 5000; ++i) {
    text += static_cast<char>(i * 7);
  }
  for (const std::size_t cut : {0UL, 1UL, 240UL, 256UL, 1024UL, 4999UL}) {
    Xxh3 hash;
    hash.update(std::string_view(text).substr(0, cut));
    hash.update(std::string_view(text).substr(cut));
    EXPECT_EQ(hash.digest(), xxh3(text)) << cut;
  }
}

TEST(Xxh3, HashesAWholeFile) {
  const tests::TempDir dir;
  const std::string text(1'000'000, 'x');
  tests::save_bytes(dir / "file", text);
  EXPECT_EQ(hash_file(dir / "file"), xxh3(text));
  EXPECT_THROW(static_cast<void>(hash_file("/dev/zero")), StorageError);
}

TEST(Xxh3, MovesWithItsState) {
  Xxh3 first;
  first.update("ab");
  Xxh3 second(std::move(first));
  Xxh3 third;
  third = std::move(second);
  third.update("c");
  EXPECT_EQ(third.digest(), xxh3("abc"));
}

TEST(Xxh3, RendersAndParsesSixteenDigits) {
  EXPECT_EQ(render_hash(0xAB), "00000000000000ab");
  EXPECT_EQ(try_parse_hash("00000000000000ab"), 0xABU);
  EXPECT_EQ(try_parse_hash("ffffffffffffffff"), ~0ULL);
  for (const char* wrong : {"",
                            "ab",
                            "00000000000000AB",
                            "0x000000000000ab",
                            "00000000000000abc",
                            "-000000000000001",
                            " 00000000000001a"}) {
    EXPECT_EQ(try_parse_hash(wrong), std::nullopt) << wrong;
  }
}

}  // namespace
}  // namespace glimpse::storage
