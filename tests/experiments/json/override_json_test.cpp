#include "experiments/json/override_json.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "experiments/json/study_json.h"

namespace glimpse::experiments {
namespace {

constexpr const char* kStudy = R"({
  "name": "t",
  "seeds": 2,
  "parameters": {"model": {"value": "conv"}, "dataset.patches": {"values": [0, 8]}}
})";

constexpr const char* kCommand = R"({
  "name": "t",
  "kind": "command",
  "command": ["./run", "{lr}"],
  "metric": {"name": "loss"},
  "parameters": {"lr": {"value": 1}, "mode": {"value": "a"}}
})";

Study with(const std::vector<std::string>& words, const char* text = kStudy) {
  return parse_study(text, "t.json", parse_overrides(words));
}

std::string complaints(const std::vector<std::string>& words, const char* text = kStudy) {
  try {
    with(words, text);
  } catch (const StudyError& error) {
    return error.what();
  }
  return "";
}

Space space_of(const Study& study, const std::string& name) {
  for (const Parameter& parameter : study.parameters) {
    if (parameter.name == name) {
      return parameter.space;
    }
  }
  return {};
}

TEST(Overrides, SetAStudysOwnKeys) {
  const Study study = with({"name=x.2",
                            "seeds=5",
                            "resources.cores=2",
                            "resources.memory=2GiB",
                            "resources.trials_per_gpu=auto",
                            "limits.trial_time=90m",
                            "limits.stop_if.of_last=10,0.25",
                            "checkpoint_every=30s",
                            "metric.goal=minimize",
                            "notes=a, b",
                            "arm=\"1\""});
  EXPECT_EQ(study.name, "x.2");
  EXPECT_EQ(study.seeds.size(), 5U);
  EXPECT_EQ(study.resources.cores, 2);
  EXPECT_EQ(study.resources.memory_bytes, std::uint64_t{2} << 30);
  EXPECT_EQ(study.resources.trials_per_gpu, std::nullopt);
  EXPECT_EQ(study.limits.trial_time_s, 5400);
  EXPECT_EQ(study.limits.stop_if.of_last, 10);
  EXPECT_EQ(study.notes, "a, b");
  EXPECT_EQ(study.arm, "1");
}

TEST(Overrides, CommaListsSweepParametersAndListSeeds) {
  const Study study = with({"learning_rate=1e-3,1e-4", "seeds=3,7", "model=rnn-spn,conv"});
  EXPECT_EQ(space_of(study, "learning_rate"), Space(std::vector<Value>{1e-3, 1e-4}));
  EXPECT_EQ(space_of(study, "model"), Space(std::vector<Value>{"rnn-spn", "conv"}));
  EXPECT_EQ(study.seeds, (std::vector<std::uint64_t>{3, 7}));
}

TEST(Overrides, ReplaceWhatTheStudySays) {
  EXPECT_EQ(space_of(with({"model=ffn-spn"}), "model"), Space(std::vector<Value>{"ffn-spn"}));
}

TEST(Overrides, ADatasetValueIsSetOrSweptAsTheStudyHasIt) {
  EXPECT_EQ(with({"dataset.train=1000"}).dataset->train, 1000);
  EXPECT_EQ(space_of(with({"dataset.train=10,20"}), "dataset.train"),
            Space(std::vector<Value>{10.0, 20.0}));
  EXPECT_EQ(space_of(with({"dataset.patches=3"}), "dataset.patches"),
            Space(std::vector<Value>{3.0}));
}

TEST(Overrides, ACommandsOwnParametersCanBeSet) {
  EXPECT_EQ(space_of(with({"lr=0.1,fast"}, kCommand), "lr"),
            Space(std::vector<Value>{0.1, "fast"}));
  EXPECT_EQ(space_of(with({"lr=\"0.1\""}, kCommand), "lr"), Space(std::vector<Value>{"0.1"}))
      << "quotes make a string of a number";
  EXPECT_EQ(complaints({"lrr=1"}, kCommand),
            "command line: lrr=1: unknown key (did you mean \"lr\"?)");
}

TEST(Overrides, AreCheckedAsIfTheyStoodInTheText) {
  EXPECT_EQ(complaints({"dropout=2", "seeds=0", "resources.cores=many", "epochs=nan"}),
            "command line: /parameters/dropout/value: must be a number from 0 to 0.95, not 2\n"
            "command line: /parameters/epochs/value: must be a whole number from 1 to 100000, not "
            "\"nan\"\n"
            "command line: /seeds: must be a whole number from 1 to 10000, not 0\n"
            "command line: /resources/cores: must be a whole number from 1 to 4096, not \"many\"");
}

TEST(Overrides, AnUnknownKeyIsNamedWithTheNearest) {
  EXPECT_EQ(complaints({"droput=0.5"}),
            "command line: droput=0.5: unknown key (did you mean \"dropout\"?)");
  EXPECT_EQ(complaints({"resource.cores=2"}),
            "command line: resource.cores=2: unknown key (did you mean \"resources.cores\"?)");
  EXPECT_EQ(complaints({"dataset.tran=2"}),
            "command line: dataset.tran=2: unknown key (did you mean \"dataset.train\"?)");
  EXPECT_EQ(complaints({"train=2"}),
            "command line: train=2: unknown key (did you mean \"dataset.train\"?)");
  EXPECT_EQ(complaints({"parameters=x"}),
            "command line: parameters=x: \"parameters\" holds more than a word can say: edit the "
            "study");
}

TEST(Overrides, ComplaintsAboutThemFollowThoseAboutTheText) {
  EXPECT_EQ(complaints({"droput=1"}, R"({"name": "t", "sed": 1})"),
            "t.json:1:15: /sed: unknown key (did you mean \"seed\"?)\n"
            "command line: droput=1: unknown key (did you mean \"dropout\"?)");
}

TEST(Overrides, OneValueLeavesNothingToSelectOver) {
  constexpr const char* kSelecting = R"({"name": "t", "seeds": 2,
    "parameters": {"model": {"values": ["conv", "rnn-spn"]}, "dropout": {"values": [0, 0.5]}},
    "table": {"rows": "model", "select": {"over": ["dropout"]}}})";
  EXPECT_TRUE(with({"dropout=0,0.2"}, kSelecting).table->select);
  EXPECT_FALSE(with({"dropout=0.2"}, kSelecting).table->select);
}

TEST(Overrides, ASectionThatTheTextLacksIsMade) {
  EXPECT_EQ(complaints({"table.margin=0.5"}), "command line: /table: missing key \"rows\"");
  EXPECT_EQ(with({"table.rows=model", "table.margin=0.5"}).table->margin, 0.5);
}

TEST(Overrides, WordsThatAreNoneAreRefused) {
  EXPECT_TRUE(is_override("a=b"));
  EXPECT_TRUE(is_override("dataset.train=1"));
  for (const char* word : {"table1", "=1", "a b=1", "./dir=x/t.json", ""}) {
    EXPECT_FALSE(is_override(word)) << word;
  }
  EXPECT_EQ(complaints({"x", "seeds=", "dropout=0,,1", "seeds=3"}),
            "command line: x: must look like key=value\n"
            "command line: seeds=: no value behind \"=\"\n"
            "command line: dropout=0,,1: an empty value in the list\n"
            "command line: seeds=3: the key is given twice");
}

TEST(Overrides, MayNotBeLostToThePoints) {
  const std::string text =
      R"({"name": "t", "method": "list", "points": [{"dropout": 0.1}, {"dropout": 0.2}]})";
  try {
    parse_study(text, "t.json", parse_overrides(std::vector<std::string>{"dropout=0.5"}));
    FAIL();
  } catch (const StudyError& error) {
    EXPECT_STREQ(error.what(),
                 "command line: /parameters/dropout: no point takes this value: each of them gives "
                 "its own");
  }
}

TEST(Overrides, MayLeaveOutCellsWithPublishedFigures) {
  const std::string text =
      R"({"name": "t", "parameters": {"model": {"values": ["conv", "rnn-spn"]}},
    "table": {"rows": "model", "published": [{"model": "conv", "value": 2.9}]}})";
  const auto narrowed = parse_overrides(std::vector<std::string>{"model=rnn-spn"});
  EXPECT_EQ(parse_study(text, "t.json", narrowed).table->published.size(), 1U);
}

}  // namespace
}  // namespace glimpse::experiments
