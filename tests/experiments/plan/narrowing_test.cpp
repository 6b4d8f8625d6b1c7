#include "experiments/plan/narrowing.h"

#include <gtest/gtest.h>

#include "experiments/plan/plan.h"
#include "tests/experiments/study_samples.h"

namespace glimpse::experiments {
namespace {

using Names = std::vector<std::string>;

Study with_models(std::vector<Value> models) {
  return training({{"downsample", values({1.0, 2.0})}, {"model", Space(std::move(models))}});
}

TEST(Narrowing, DropsParametersThatApplyNowhereAnyMore) {
  Study study = with_models({"conv"});
  EXPECT_EQ(drop_what_lost_its_meaning(study, with_models({"conv", "rnn-spn"})),
            Names{"downsample"});
  EXPECT_EQ(render_rows(make_plan(study, {})), (Names{R"({"model":"conv"})"}));
}

TEST(Narrowing, KeepsWhatTheTextAloneGotWrong) {
  Study study = with_models({"conv"});
  EXPECT_EQ(drop_what_lost_its_meaning(study, with_models({"conv"})), Names{});
  EXPECT_THROW(make_plan(study, {}), StudyError);
}

TEST(Narrowing, DropsExclusionsOfValuesThatAreGone) {
  Study written = with_models({"conv", "rnn-spn"});
  written.exclude = {{{"model", "rnn-spn"}, {"downsample", 1.0}}, {{"downsample", 2.0}}};
  Study study = written;
  study.parameters[0].space = values({2.0, 3.0});
  EXPECT_EQ(drop_what_lost_its_meaning(study, written), Names{});
  EXPECT_EQ(study.exclude, (std::vector<Assignment>{{{"downsample", 2.0}}}));
}

TEST(Narrowing, KeepsExclusionsThatNeverMatched) {
  Study written = with_models({"conv", "rnn-spn"});
  written.exclude = {{{"downsample", 4.0}}};
  Study study = written;
  study.parameters[1].space = values({"rnn-spn"});
  drop_what_lost_its_meaning(study, written);
  EXPECT_EQ(study.exclude, written.exclude);
}

}  // namespace
}  // namespace glimpse::experiments
