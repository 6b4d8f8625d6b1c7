#include "storage/zlib/gunzip.h"

#include <cstdlib>
#include <random>
#include <string>

#include <gtest/gtest.h>
#include <zlib.h>

#include "storage/storage_error.h"
#include "tests/support/temp_dir.h"

namespace glimpse::storage {
namespace {

std::string gzip(const std::string& content) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, MAX_WBITS + 16, 9, Z_DEFAULT_STRATEGY), Z_OK);
  std::string packed(deflateBound(&stream, content.size()) + 64, '\0');
  std::string input = content;
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::string noise(std::size_t size) {
  std::mt19937 random(7);
  std::string text(size, '\0');
  for (char& c : text) {
    c = static_cast<char>(random() % 16);  // compresses a little, so that all block types occur
  }
  return text;
}

class Gunzip : public ::testing::Test {
 protected:
  std::filesystem::path write(const std::string& content) {
    tests::save_bytes(folder_ / "file", content);
    return folder_ / "file";
  }

  std::string load(const std::string& packed, std::uint64_t declared) {
    const auto bytes = load_unpacked(write(packed), 4, [&](auto) { return declared; });
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

  std::string failure(const std::string& packed, std::uint64_t declared) {
    try {
      load(packed, declared);
    } catch (const StorageError& error) {
      EXPECT_EQ(error.fault(), StorageFault::kDamaged);
      EXPECT_NE(std::string(error.what()).find(error.path().string()), std::string::npos);
      return error.what();
    }
    return "loaded";
  }

  tests::TempDir folder_;
};

TEST_F(Gunzip, GivesBackWhatWasPacked) {
  const std::string content = noise(3'000'000);
  EXPECT_EQ(load(gzip(content), content.size()), content);
}

TEST_F(Gunzip, ReadsPlainFilesAsTheyAre) {
  const std::string content = noise(3'000'000);
  EXPECT_EQ(load(content, content.size()), content);
}

TEST_F(Gunzip, JoinsSeveralMembers) {
  EXPECT_EQ(load(gzip("first ") + gzip("") + gzip("second"), 12), "first second");
}

TEST_F(Gunzip, HandsTheHeadToTheLengthRule) {
  std::size_t seen = 0;
  const auto path = write(gzip("abcdef"));
  load_unpacked(path, 4, [&](std::span<const std::byte> head) {
    seen = head.size();
    EXPECT_EQ(head[3], std::byte{'d'});
    return 6;
  });
  EXPECT_EQ(seen, 4U);
}

TEST_F(Gunzip, ReturnsShortContentForItsParserToJudge) {
  EXPECT_EQ(load(gzip("abc"), 1'000'000), "abc");
  EXPECT_EQ(load("", 1'000'000), "");
}

TEST_F(Gunzip, RefusesContentBeyondTheDeclaredLength) {
  EXPECT_NE(failure(gzip("abcdefg"), 6).find("longer than the 6 bytes"), std::string::npos);
  EXPECT_NE(failure("abcdefg", 6).find("longer than the 6 bytes"), std::string::npos);
}

TEST_F(Gunzip, StopsABombAtTheDeclaredLength) {
  // Each layer of zeros shrinks about a thousandfold: a quarter of a mebibyte here unpacks to 256
  // of them.
  const std::string mebibytes = gzip(std::string(16 << 20, '\0'));
  std::string bomb;
  for (int i = 0; i < 16; ++i) {
    bomb += mebibytes;
  }
  EXPECT_NE(failure(bomb, 1000).find("longer than the 1000 bytes"), std::string::npos);
}

TEST_F(Gunzip, FindsEveryTruncation) {
  const std::string packed = gzip("a content of some length, a content");
  for (std::size_t size = 2; size < packed.size(); ++size) {
    EXPECT_NE(failure(packed.substr(0, size), 100).find("too early"), std::string::npos) << size;
  }
}

TEST_F(Gunzip, RefusesTrailingBytes) {
  EXPECT_NE(failure(gzip("abcd") + "x", 100).find("follow the end"), std::string::npos);
  EXPECT_NE(failure(gzip("abcd") + std::string(1, '\0'), 100).find("follow"), std::string::npos);
  EXPECT_NE(failure(gzip("abcd") + "\x1f", 100).find("too early"), std::string::npos);
}

TEST_F(Gunzip, RefusesAWrongCheckSumAndAWrongLength) {
  std::string packed = gzip("abcd");
  ++packed[packed.size() - 8];
  EXPECT_NE(failure(packed, 100).find("incorrect data check"), std::string::npos);
  packed = gzip("abcd");
  ++packed[packed.size() - 4];
  EXPECT_NE(failure(packed, 100).find("incorrect length check"), std::string::npos);
}

TEST_F(Gunzip, NamesAMissingFile) {
  try {
    load_unpacked(folder_ / "absent.gz", 4, [](auto) { return 4; });
    FAIL();
  } catch (const StorageError& error) {
    EXPECT_EQ(error.fault(), StorageFault::kMissing);
  }
}

TEST_F(Gunzip, TellsADirectoryFromAFile) {
  EXPECT_THROW(load_unpacked(folder_.path(), 4, [](auto) { return 4; }), StorageError);
}

// Mutations that change neither content nor check sums pass (the header's time, name, flags).
TEST_F(Gunzip, NeverReturnsOtherContentForAMutatedFile) {
  const std::string content = noise(2000);
  const std::string packed = gzip(content);
  std::mt19937 random(11);
  const char* count = std::getenv("GLIMPSE_MUTATIONS");
  for (int i = 0; i < (count != nullptr ? std::atoi(count) : 500); ++i) {
    std::string mutated = packed;
    for (unsigned flips = 1 + random() % 4; flips > 0; --flips) {
      mutated[random() % mutated.size()] ^= static_cast<char>(1 << random() % 8);
    }
    if (random() % 4 == 0) {
      mutated.resize(random() % mutated.size());
    }
    try {
      const std::string loaded = load(mutated, content.size());
      const bool is_still_gzip = mutated.starts_with("\x1f\x8b");
      EXPECT_TRUE(!is_still_gzip || loaded == content) << "mutation " << i;
    } catch (const StorageError&) {
    }
  }
}

}  // namespace
}  // namespace glimpse::storage
