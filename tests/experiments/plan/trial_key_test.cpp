#include "experiments/plan/trial_key.h"

#include <stdexcept>

#include <gtest/gtest.h>

#include "experiments/hash/sha256.h"
#include "experiments/value.h"

namespace glimpse::experiments {
namespace {

const std::string kDataset(64, 'a');

KeyFacts training() {
  return {.kind = "train",
          .code_json = "1",
          .dataset = kDataset,
          .arm = "",
          .world_size = 1,
          .parameters_json = R"({"dropout":0.5,"model":"conv"})"};
}

// Hashes as Python's hashlib gives them. Such keys stand in every results folder: if this test
// fails, all results lose their names.
TEST(TrialKey, KeepsItsGoldenTextAndHash) {
  const KeyMaker maker(training());
  EXPECT_EQ(maker.text(3),
            R"({"code":1,"dataset":")" + kDataset +
                R"(","kind":"train","parameters":{"dropout":0.5,"model":"conv"},"seed":3})");
  EXPECT_EQ(maker.key(3).hex(), "eca10906c556e1ac1162bacaeccd1211699d50a66b916431168e3d4937724d4d");
  EXPECT_EQ(maker.key(3).run_id(), maker.key(3).hex().substr(0, 32));
}

TEST(TrialKey, KeepsItsGoldenTextWithEveryFact) {
  const KeyMaker maker({.kind = "command",
                        .code_json = "\"c0de\"",
                        .dataset = "",
                        .arm = "b\n\xC3\xA9",
                        .world_size = 4,
                        .parameters_json = "{}"});
  EXPECT_EQ(maker.text(kMaxWhole),
            "{\"arm\":\"b\\n\xC3\xA9\",\"code\":\"c0de\",\"dataset\":null,\"kind\":\"command\","
            "\"parameters\":{},\"seed\":9007199254740991,\"world_size\":4}");
  EXPECT_EQ(maker.key(kMaxWhole).hex(),
            "2af0094e7df57fac2b247c0953fe0ca055439acf2fca73f923d355f84a3a6d85");
}

TEST(TrialKey, DependsOnEveryFact) {
  const TrialKey key = KeyMaker(training()).key(1);
  KeyFacts other = training();
  other.kind = "command";
  EXPECT_NE(KeyMaker(other).key(1), key);
  other = training();
  other.code_json = "2";
  EXPECT_NE(KeyMaker(other).key(1), key);
  other = training();
  other.dataset[0] = 'b';
  EXPECT_NE(KeyMaker(other).key(1), key);
  other = training();
  other.arm = "a";
  EXPECT_NE(KeyMaker(other).key(1), key);
  other = training();
  other.world_size = 2;
  EXPECT_NE(KeyMaker(other).key(1), key);
  other = training();
  other.parameters_json = "{}";
  EXPECT_NE(KeyMaker(other).key(1), key);
  EXPECT_NE(KeyMaker(training()).key(2), key);
  EXPECT_EQ(KeyMaker(training()).key(1), key);
}

TEST(TrialKey, RefusesSeedsThatJsonCannotTellApart) {
  EXPECT_THROW((void)KeyMaker(training()).key(std::uint64_t{1} << 53), std::invalid_argument);
}

// FIPS 180-2, appendix B.
TEST(Sha256, GivesThePublishedAnswers) {
  EXPECT_EQ(hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  Sha256 hash;
  const std::string block(1000, 'a');
  for (int i = 0; i < 1000; ++i) {
    hash.update(block);
  }
  EXPECT_EQ(hex(hash.finish()), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  hash.update("abc");
  EXPECT_EQ(hash.finish(), sha256("abc"));
}

TEST(Sha256, SurvivesBeingMoved) {
  Sha256 first;
  first.update("a");
  Sha256 second = std::move(first);
  second.update("bc");
  first = std::move(second);
  EXPECT_EQ(first.finish(), sha256("abc"));
}

}  // namespace
}  // namespace glimpse::experiments
