#include "launcher/run/line_splitter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace glimpse::launcher {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(LineSplitter, PutsLinesTogetherHoweverTheyCome) {
  LineSplitter splitter;
  EXPECT_THAT(splitter.add("a"), IsEmpty());
  EXPECT_THAT(splitter.add("b\nc\n\nd"), ElementsAre("ab", "c", ""));
  EXPECT_THAT(splitter.add("\n"), ElementsAre("d"));
}

TEST(LineSplitter, DropsALineThatIsNoRecordAndGoesOn) {
  LineSplitter splitter;
  EXPECT_THAT(splitter.add(std::string(experiments::kMaxRecordBytes, 'x')), IsEmpty());
  EXPECT_THAT(splitter.add("xx\nnext\n"), ElementsAre("next"));
  EXPECT_EQ(splitter.add(std::string(experiments::kMaxRecordBytes, 'x') + "\n").size(), 1U);
}

TEST(LooksLikeRecord, TellsRecordsFromOtherOutput) {
  EXPECT_TRUE(looks_like_record(R"({"epoch": 1, "metrics": {}})"));
  EXPECT_TRUE(looks_like_record(R"({"type":"progress"})"));
  EXPECT_FALSE(looks_like_record("{'lr': 0.1}"));
  EXPECT_FALSE(looks_like_record("epoch 1"));
}

}  // namespace
}  // namespace glimpse::launcher
