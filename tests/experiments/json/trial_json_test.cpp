#include "experiments/json/trial_json.h"

#include <gtest/gtest.h>

#include "experiments/model_table.h"
#include "experiments/study_error.h"

namespace glimpse::experiments {
namespace {

TrialFile command_trial() {
  return {.is_command = true,
          .code = std::string(64, 'c'),
          .key = std::string(64, 'a'),
          .arm = "second",
          .seed = 3,
          .world_size = 2,
          .parameters = {{"x", 0.5}, {"what", std::string("fast")}, {"model", true}},
          .origins = {{"x", "study.json"}}};
}

std::string refusal(const std::string& text) {
  try {
    parse_training(text, "runs/trial.json");
  } catch (const StudyError& error) {
    return error.what();
  }
  return "";
}

TEST(TrialJson, ReadsBackATrialOfACommand) {
  EXPECT_EQ(parse_trial(render_trial(command_trial()), "trial.json"), command_trial());
}

TEST(TrialJson, ReadsBackATraining) {
  const TrialFile trial{.code = "1",
                        .key = std::string(64, 'a'),
                        .parameters = resolve({{"model", std::string("conv")}})};
  EXPECT_EQ(parse_training(render_trial(trial), "trial.json"), trial);
}

TEST(TrialJson, IsThatOfATrainingWhereItDoesNotSay) {
  EXPECT_FALSE(parse_trial(R"({"parameters": {"model": "conv"}})", "trial.json").is_command);
  EXPECT_NE(refusal(R"({"parameters": {"x": 1}})").find("unknown parameter"), std::string::npos);
  EXPECT_NE(refusal(R"({"kind": "other", "parameters": {"model": "conv"}})").find("/kind"),
            std::string::npos);
}

TEST(TrialJson, OfACommandIsRefusedInOneLineByThoseWhoTrain) {
  const std::string said = refusal(render_trial(command_trial()));
  EXPECT_NE(said.find("runs/trial.json: /kind: the trial is one of a command"), std::string::npos)
      << said;
  EXPECT_EQ(said.find('\n'), std::string::npos);
}

}  // namespace
}  // namespace glimpse::experiments
