#include "experiments/recipes/idx.h"

#include <random>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "experiments/study_error.h"

namespace glimpse::experiments {
namespace {

using Bytes = std::vector<std::uint8_t>;

void append_u32(Bytes& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    out.push_back(static_cast<std::uint8_t>(value >> shift));
  }
}

Bytes idx(std::uint32_t magic, const std::vector<std::uint32_t>& sizes, const Bytes& body) {
  Bytes out;
  append_u32(out, magic);
  for (const std::uint32_t size : sizes) {
    append_u32(out, size);
  }
  out.insert(out.end(), body.begin(), body.end());
  return out;
}

std::span<const std::byte> view(const Bytes& bytes) {
  return std::as_bytes(std::span(bytes));
}

std::string failure(const std::function<void()>& parse) {
  try {
    parse();
  } catch (const StudyError& error) {
    return error.what();
  }
  return "accepted";
}

std::string images_failure(const Bytes& bytes) {
  return failure([&] { parse_idx_images(view(bytes), "images.gz"); });
}

std::string labels_failure(const Bytes& bytes) {
  return failure([&] { parse_idx_labels(view(bytes), "labels.gz"); });
}

const Bytes kSixPixels = {1, 2, 3, 4, 5, 6};

TEST(Idx, ReadsImages) {
  const Bytes bytes = idx(0x803, {1, 2, 3}, kSixPixels);
  const IdxImages images = parse_idx_images(view(bytes), "x");
  EXPECT_EQ(images.count, 1);
  EXPECT_EQ(images.rows, 2);
  EXPECT_EQ(images.columns, 3);
  EXPECT_EQ(Bytes(images.pixels.begin(), images.pixels.end()), kSixPixels);
}

TEST(Idx, ReadsLabels) {
  const Bytes bytes = idx(0x801, {3}, {0, 9, 4});
  const auto labels = parse_idx_labels(view(bytes), "x").labels;
  EXPECT_EQ(Bytes(labels.begin(), labels.end()), (Bytes{0, 9, 4}));
}

TEST(Idx, DeclaresItsLengthInItsHeader) {
  EXPECT_EQ(idx_images_length(view(idx(0x803, {60'000, 28, 28}, {})), "x"), 47'040'016U);
  EXPECT_EQ(idx_labels_length(view(idx(0x801, {60'000}, {})), "x"), 60'008U);
  EXPECT_EQ(idx_images_length(view(idx(0x803, {1, 1, 1}, {7})), "x"), 17U);
}

TEST(Idx, NamesTheFileAndTheFieldThatLies) {
  EXPECT_EQ(images_failure(idx(0x01000803, {1, 2, 3}, kSixPixels)),
            "images.gz: IDX magic: the first two bytes are not zero, so this is no IDX file");
  EXPECT_EQ(images_failure(idx(0x00000903, {1, 2, 3}, kSixPixels)),
            "images.gz: IDX type: 9 instead of 8 (unsigned byte)");
  EXPECT_EQ(images_failure(idx(0x00000801, {1, 2, 3}, kSixPixels)),
            "images.gz: IDX rank: 1 instead of 3 (images)");
  EXPECT_EQ(labels_failure(idx(0x00000803, {6}, kSixPixels)),
            "labels.gz: IDX rank: 3 instead of 1 (labels)");
  EXPECT_EQ(images_failure(idx(0x803, {0, 2, 3}, {})),
            "images.gz: IDX count: 0 is not within 1..1048576");
  EXPECT_EQ(images_failure(idx(0x803, {1, 0, 3}, {})),
            "images.gz: IDX rows: 0 is not within 1..256");
  EXPECT_EQ(images_failure(idx(0x803, {1, 2, 0xffffffff}, {})),
            "images.gz: IDX columns: 4294967295 is not within 1..256");
  EXPECT_EQ(images_failure(idx(0x803, {2, 2, 3}, kSixPixels)),
            "images.gz: IDX count: the header declares 28 bytes, the file has 22");
  EXPECT_EQ(images_failure(idx(0x803, {1, 2, 2}, kSixPixels)),
            "images.gz: IDX trailing bytes: the header declares 20 bytes, the file has 22");
  EXPECT_EQ(labels_failure(idx(0x801, {3}, {0, 10, 4})),
            "labels.gz: IDX label 1: 10 is not a digit");
}

TEST(Idx, RefusesEveryTruncation) {
  const Bytes images = idx(0x803, {1, 2, 3}, kSixPixels);
  const Bytes labels = idx(0x801, {3}, {0, 1, 2});
  for (std::size_t size = 0; size < images.size(); ++size) {
    EXPECT_NE(images_failure({images.begin(), images.begin() + static_cast<long>(size)}),
              "accepted");
  }
  for (std::size_t size = 0; size < labels.size(); ++size) {
    EXPECT_NE(labels_failure({labels.begin(), labels.begin() + static_cast<long>(size)}),
              "accepted");
  }
}

// What a mutation may still say it is must be exactly what is there.
TEST(Idx, SurvivesMutations) {
  std::mt19937 random(3);
  const Bytes images = idx(0x803, {3, 2, 2}, Bytes(12, 5));
  const Bytes labels = idx(0x801, {12}, Bytes(12, 5));
  int accepted = 0;
  for (int i = 0; i < 10'000; ++i) {
    Bytes mutated = i % 2 == 0 ? images : labels;
    for (auto edits = 1 + random() % 3; edits > 0; --edits) {
      mutated[random() % mutated.size()] = static_cast<std::uint8_t>(random());
    }
    if (random() % 4 == 0) {
      mutated.resize(random() % 40);
    }
    const Bytes exact(mutated);  // no spare capacity, so that the sanitizers see every step outside
    try {
      if (i % 2 == 0) {
        const IdxImages parsed = parse_idx_images(view(exact), "x");
        EXPECT_EQ(parsed.pixels.size() + 16, exact.size());
      } else {
        EXPECT_EQ(parse_idx_labels(view(exact), "x").labels.size() + 8, exact.size());
      }
      ++accepted;
    } catch (const StudyError&) {
    }
  }
  EXPECT_GT(accepted, 100);  // the mutations of pixels alone
  EXPECT_LT(accepted, 9'000);
}

TEST(Idx, ReadsBackWhatWasWritten) {
  rc::check([] {
    const auto rows = *rc::gen::inRange<std::uint32_t>(1, 20);
    const auto columns = *rc::gen::inRange<std::uint32_t>(1, 20);
    const auto count = *rc::gen::inRange<std::uint32_t>(1, 20);
    const auto body =
        *rc::gen::container<Bytes>(rows * columns * count, rc::gen::arbitrary<std::uint8_t>());
    const Bytes bytes = idx(0x803, {count, rows, columns}, body);
    const IdxImages images = parse_idx_images(view(bytes), "x");
    RC_ASSERT(Bytes(images.pixels.begin(), images.pixels.end()) == body);
    RC_ASSERT(static_cast<std::uint32_t>(images.count) == count);
  });
}

}  // namespace
}  // namespace glimpse::experiments
